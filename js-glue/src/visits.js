// Visits to the login page: one for all requests that need it at the same time.

// A full stack of pages refuses the first, a tab the first two.
const WAYS = ['navigateTo', 'redirectTo', 'switchTab', 'reLaunch']

export function createVisits(api, loginPage) {
  let count = 0
  let opening = false

  // Who has signed out knows it: a request from before opens nothing.
  function changed({ type, reason }) {
    if (type === 'signedOut' && reason === 'logout') count += 1
  }

  // `began` is the count when the request began: a request from before the last visit opens no further one.
  function visit(began) {
    if (opening || began !== count || isOnTop(loginPage)) return
    opening = true
    count += 1
    open(0)
  }

  function open(way) {
    const opened = () => {
      opening = false
    }
    if (way === WAYS.length) return opened()
    try {
      api[WAYS[way]]({ url: loginPage, success: opened, fail: () => open(way + 1) })
    } catch (error) {
      open(way + 1)
    }
  }

  return { changed, visit, count: () => count }
}

function isOnTop(page) {
  const pages = typeof getCurrentPages === 'function' ? getCurrentPages() : []
  const top = pages[pages.length - 1]
  return Boolean(top) && `/${top.route}` === page.split('?')[0]
}
