// Stands in for a tutorial's `utils/user.js` and `utils/util.js`: same functions, same promises, same storage keys.
import { reference } from './dialects/reference.js'
import { createLoginClient } from './index.js'
import { loginError } from './login-error.js'
import { needsUser } from './login-page.js'
import { createOldKeys } from './old-keys.js'
import { visitsOf } from './visits.js'

export function createCompat(options) {
  const { loginPage = '/pages/auth/login/login', ...loginOptions } = options || {}
  const api = loginOptions.wx || (typeof wx === 'undefined' ? undefined : wx)
  const visits = visitsOf(api, loginPage)
  const keys = createOldKeys(api)
  const client = connect({ ...loginOptions, wx: keys.wx }, loginPage).then(async (login) => {
    await keys.start(login)
    const { logout } = login
    login.logout = (options) => keys.loggedOut(logout(options)) // which is no change if nobody was known to be signed in
    login.onChange(keys.changed)
    visits.follow(login)
    return login
  })
  client.catch(() => {}) // each call says so

  // What an old page has written since the last call counts before the next.
  async function current() {
    const login = await client
    await keys.read()
    return login
  }

  const checkLogin = () => current().then((login) => login.checkLogin(), () => Promise.reject(false))

  const loginByWeixin = (userInfo) => current().then((login) => login.loginByWeixin(userInfo))

  async function request(url, data = {}, method = 'GET') {
    const began = visits.count()
    const login = await current()
    if (isLogout(loginOptions, url)) return logout(login, loginOptions)
    try {
      return await login.request({ url, data, method })
    } catch (error) {
      if (needsUser(error, login)) visits.visit(began)
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

// Old pages sign out by a request and by clearing the two keys: the session has to end with it.
function isLogout({ baseUrl, dialect = reference }, url) {
  if (!dialect.logout) return false
  const root = baseUrl.replace(/\/?$/, '/')
  const path = String(url).replace(root, '').replace(/^\/+/, '')
  return [path, path.replace(/[?#].*$/, '')].includes(dialect.logout.url)
}

// Answers as the server would.
async function logout(login, { dialect }) {
  await login.logout()
  const { success } = Object.assign({}, reference, dialect)
  const answer = {}
  const [match] = [].concat(success)
  if (match !== 'status') Object.keys(match).forEach((field) => {
    [answer[field]] = [].concat(match[field])
  })
  return answer
}
