// The way to the app's own login page and back.

// A full stack of pages refuses the first, a tab the first two.
const WAYS = ['navigateTo', 'redirectTo', 'switchTab', 'reLaunch']

/** Opens a page by the first of the ways from `way` on that works; `done(isOpen)` is called in any case. */
export function openPage(api, url, done, way = WAYS[0]) {
  const next = WAYS[WAYS.indexOf(way) + 1]
  const other = () => (next ? openPage(api, url, done, next) : done(false))
  try {
    // A tab takes no query.
    api[way]({ url: way === 'switchTab' ? pathOf(url) : url, success: () => done(true), fail: other })
  } catch (error) {
    other()
  }
}

export function openPages() {
  return typeof getCurrentPages === 'function' ? getCurrentPages() : []
}

export function isOnTop(page) {
  const top = openPages().slice(-1)[0]
  return Boolean(top) && `/${top.route}` === pathOf(page)
}

/** Whether the login page may help. A network that fails, for one, is over without. */
export function needsUser(error, login) {
  return error.needsUser || (error.code === 'wx_login_failed' && !login.session)
}

function pathOf(url) {
  return url.split('?')[0]
}
