// Visits to the login page: one for all who need it at the same time.
import { isOnTop, openPage } from './login-page.js'

const known = {}

/** The visits to a login page: the same ones for all who share it. An app has one host; a test may have several. */
export function visitsOf(api, loginPage) {
  const of = known[loginPage]
  if (of && of.api === api) return of.visits
  const visits = createVisits(api, loginPage)
  known[loginPage] = { api, visits }
  return visits
}

function createVisits(api, loginPage) {
  const followed = new WeakSet()
  let count = 0
  let opening = false

  /** Who has signed out knows it: a request from before opens nothing. */
  function follow(login) {
    if (followed.has(login)) return
    followed.add(login)
    login.onChange(({ type, reason }) => {
      if (type === 'signedOut' && reason === 'logout') count += 1
    })
  }

  // `began` is the count when the request began: a request from before the last visit opens no further one.
  function visit(began, url = loginPage) {
    if (opening || began !== count || isOnTop(loginPage)) return
    opening = true
    count += 1
    openPage(api, url, () => {
      opening = false
    })
  }

  return { follow, visit, count: () => count }
}
