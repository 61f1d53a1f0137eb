// Keeps a page for those who are signed in: others are sent to the app's own login page, and back from there.
import { loginError } from './login-error.js'
import { goBack, isAt, needsUser, openPage, openPages, topPage } from './login-page.js'
import { visitsOf } from './visits.js'

// In the address of the login page: where the visitor wanted to go.
const WANTED = 'to'

let leaving // for all who ask until the visitor has left

export async function requireLogin({ login, page, to = topUrl(), wx: api = runtimeWx() } = {}) {
  mustBePage(page, 'page')
  mustBePage(to, WANTED)
  if (!login || typeof login.ensureLogin !== 'function') throw invalid('login', 'must be a client')
  const visits = visitsOf(api, page)
  visits.follow(login)
  const began = visits.count()
  try {
    await login.ensureLogin()
    return true
  } catch (error) {
    if (!needsUser(error, login)) throw error
    visits.visit(began, withWanted(page, to))
    return false
  }
}

/** Leaves the login page for where the visitor wanted to go; resolves whether there was a way. */
export async function leaveLogin({ wx: api = runtimeWx() } = {}) {
  if (!leaving) {
    leaving = new Promise((resolve) => leave(api, resolve)).then((isLeft) => {
      leaving = undefined
      return isLeft
    })
  }
  return leaving
}

function leave(api, done) {
  const [top, below] = openPages().slice(-2).reverse()
  const to = wantedOf(top)
  if (below && (!to || to === urlOf(below))) goBack(api, done)
  else if (to) openPage(api, to, done, 'redirectTo')
  else done(false)
}

function withWanted(page, to) {
  return `${page}${page.includes('?') ? '&' : '?'}${WANTED}=${encodeURIComponent(to)}`
}

// Some hosts give the values of a query as they were sent, others decode them. A link may bring anything; what would lead to the login
// page once more leads nowhere.
function wantedOf(page) {
  const given = (page && page.options && page.options[WANTED]) || ''
  const to = given[0] === '%' ? decoded(given) : given
  return to[0] === '/' && !isAt(page, to) ? to : ''
}

function decoded(text) {
  try {
    return decodeURIComponent(text)
  } catch (error) {
    return ''
  }
}

function topUrl() {
  const top = topPage()
  return top && urlOf(top)
}

function urlOf({ route, options = {} }) {
  const query = Object.keys(options).map((key) => `${key}=${options[key]}`)
  return `/${route}${query.length > 0 ? `?${query.join('&')}` : ''}`
}

function mustBePage(page, field) {
  if (typeof page !== 'string' || page[0] !== '/') throw invalid(field, 'must be the absolute path of a page, with a slash in front')
}

function invalid(field, problem) {
  return loginError('invalid_argument', `an argument cannot be used: ${field} ${problem}`, { field })
}

function runtimeWx() {
  return typeof wx === 'undefined' ? undefined : wx
}
