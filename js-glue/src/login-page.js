// The way to the app's own login page and back.

// A full stack of pages refuses the first, a tab the first two.
const WAYS = ['navigateTo', 'redirectTo', 'switchTab', 'reLaunch']

// Some hosts open a page and call nothing back.
const PATIENCE_MS = 3000

/** Opens a page by the first of the ways from `way` on that works; `done(isOpen)` is called once in any case. */
export function openPage(api, url, done, way = WAYS[0]) {
  const answer = answered(done, () => isOnTop(url))
  const attempt = (name) => {
    if (!name) return answer.give(false)
    const next = () => answer.isOpen() && attempt(WAYS[WAYS.indexOf(name) + 1])
    // A tab takes no query.
    call(api, name, { url: name === 'switchTab' ? pathOf(url) : url, success: () => answer.give(true), fail: next })
  }
  attempt(way)
}

/** Goes back by one page; `done(isBack)` is called once in any case. */
export function goBack(api, done) {
  const top = topPage()
  const answer = answered(done, () => topPage() !== top)
  call(api, 'navigateBack', { success: () => answer.give(true), fail: () => answer.give(false) })
}

export function openPages() {
  return typeof getCurrentPages === 'function' ? getCurrentPages() : []
}

export function topPage() {
  return openPages().slice(-1)[0]
}

export function isOnTop(page) {
  const top = topPage()
  return Boolean(top) && isAt(top, page)
}

/** Whether an open page is that of an address, whatever its query. */
export function isAt({ route }, url) {
  return `/${route}` === pathOf(url)
}

/** Whether the login page may help. A network that fails, for one, is over without. */
export function needsUser(error, login) {
  return error.needsUser || (error.code === 'wx_login_failed' && !login.session)
}

function call(api, name, options) {
  try {
    api[name](options)
  } catch (error) {
    options.fail()
  }
}

// Calls `done` once: with what is given first or, after a while, with what can be seen.
function answered(done, seen) {
  let isOpen = true
  const give = (result) => {
    if (!isOpen) return
    isOpen = false
    clearTimeout(timer)
    done(result)
  }
  const timer = setTimeout(() => give(seen()), PATIENCE_MS)
  return { give, isOpen: () => isOpen }
}

function pathOf(url) {
  return url.split('?')[0]
}
