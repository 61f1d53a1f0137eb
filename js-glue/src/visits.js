// Visits to the login page: one for all who need it at the same time.
import { isOnTop, openPage } from './login-page.js'

export function createVisits(api, loginPage) {
  let count = 0
  let opening = false

  // Who has signed out knows it: a request from before opens nothing.
  function changed({ type, reason }) {
    if (type === 'signedOut' && reason === 'logout') count += 1
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

  return { changed, visit, count: () => count }
}
