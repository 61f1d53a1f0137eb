// Stands in for a tutorial's `utils/user.js` and `utils/util.js`: same functions, same promises, same storage keys.
import { createLoginClient } from './index.js'
import { loginError } from './login-error.js'

// What only the user can do something about. A network that fails, for one, is over without a visit to a login page.
const NEEDS_THE_USER = [
  'signed_out', 'rejected', 'login_blocked', 'wx_login_failed', 'wrong_password', 'name_taken', 'bad_mobile',
  'weixin_bound_elsewhere', 'account_bound_elsewhere',
]

export function createCompat(options) {
  const { loginPage = '/pages/auth/login/login', ...loginOptions } = options || {}
  const api = loginOptions.wx || (typeof wx === 'undefined' ? undefined : wx)
  const visits = createVisits(api, loginPage)
  const client = connect(loginOptions, loginPage).then((login) => {
    const keepKeys = () => writeOldKeys(api, login)
    keepKeys()
    login.onChange(keepKeys)
    login.onChange(visits.changed)
    return login
  })

  client.catch(() => {}) // each call says it again

  const checkLogin = () => client.then((login) => login.checkLogin(), () => Promise.reject(false))

  const loginByWeixin = (userInfo) => client.then((login) => login.loginByWeixin(userInfo))

  async function request(url, data = {}, method = 'GET') {
    const began = visits.count()
    const login = await client
    if (isLogout(loginOptions, url)) return logout(login, loginOptions)
    try {
      return await login.request({ url, data, method })
    } catch (error) {
      if (!login.session && NEEDS_THE_USER.includes(error.code)) visits.visit(began)
      throw error
    }
  }

  return { checkLogin, loginByWeixin, request, client }
}

async function connect(loginOptions, loginPage) {
  if (typeof loginPage !== 'string' || loginPage[0] !== '/') {
    throw loginError('invalid_config', 'option `loginPage` must be the absolute path of a page, with a slash in front', {
      field: 'loginPage',
    })
  }
  return createLoginClient(loginOptions)
}

// Old pages read the session from two keys. They are a copy for them, never a source: what a tutorial's code or a failed
// write has left in them could bring back somebody who has signed out.
function writeOldKeys(api, login) {
  const { session } = login
  const written = session && quietly(() => {
    api.setStorageSync('userInfo', session.userInfo)
    api.setStorageSync('token', Object.values(login.authHeader())[0])
  })
  if (written) return
  for (const key of ['userInfo', 'token']) quietly(() => api.removeStorageSync(key)) // both or none
}

// What is done on the side must not fail what the page has asked for: keys are written again at the next change or start.
function quietly(work) {
  try {
    work()
    return true
  } catch (error) {
    return false
  }
}

// Opens the login page, once for all requests that need it at the same time.
function createVisits(api, loginPage) {
  let count = 0
  let opening = false

  // Who has signed out knows it: what began before is told nothing more.
  function changed({ type, reason }) {
    if (type === 'signedOut' && reason === 'logout') count += 1
  }

  // `began` is the count when the request began: whoever began before the last visit has had theirs.
  function visit(began) {
    if (opening || began !== count || isOnTop(loginPage)) return
    const opened = () => {
      opening = false
    }
    opening = true
    count += 1
    if (!quietly(() => api.navigateTo({ url: loginPage, success: opened, fail: opened }))) opened()
  }

  return { changed, visit, count: () => count }
}

function isOnTop(page) {
  const pages = typeof getCurrentPages === 'function' ? getCurrentPages() : []
  const top = pages[pages.length - 1]
  return Boolean(top) && `/${top.route}` === page.split('?')[0]
}

// Old pages sign out by a request and by clearing the two keys: the session has to end with it.
function isLogout({ baseUrl, endpoints }, url) {
  const root = baseUrl.replace(/\/?$/, '/')
  const path = String(url).replace(root, '').replace(/^\/+/, '')
  return [path, path.replace(/[?#].*$/, '')].includes((endpoints && endpoints.logout) || 'auth/logout')
}

async function logout(login, { envelope }) {
  await login.logout()
  return { [(envelope && envelope.errno) || 'errno']: 0 }
}
