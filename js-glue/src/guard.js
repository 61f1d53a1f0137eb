// Keeps a page for those who are signed in: others are sent to the app's own login page, and back from there.
import { loginError } from './login-error.js'
import { needsUser, openPage, openPages } from './login-page.js'
import { createVisits } from './visits.js'

// In the address of the login page: where the visitor wanted to go.
const WANTED = 'to'

const visitsTo = {}

export async function requireLogin({ login, page, to = topUrl(), wx: api = runtimeWx() } = {}) {
  mustBePage(page, 'page')
  mustBePage(to, WANTED)
  if (!login || typeof login.ensureLogin !== 'function') throw invalid('login', 'must be a client')
  const visits = visitsOf(api, page)
  const began = visits.count()
  const stop = login.onChange(visits.changed)
  try {
    await login.ensureLogin()
    return true
  } catch (error) {
    if (!needsUser(error, login)) throw error
    visits.visit(began, withWanted(page, to))
    return false
  } finally {
    stop()
  }
}

/** Leaves the login page for where the visitor wanted to go; resolves whether there was a way. */
export async function leaveLogin({ wx: api = runtimeWx() } = {}) {
  const [top, below] = openPages().slice(-2).reverse()
  const to = wantedOf(top)
  if (below && (!to || to === urlOf(below))) return new Promise((resolve) => goBack(api, resolve))
  return Boolean(to) && new Promise((resolve) => openPage(api, to, resolve, 'redirectTo'))
}

function goBack(api, done) {
  api.navigateBack({ success: () => done(true), fail: () => done(false) })
}

// For each host, although an app has one: a test may have several.
function visitsOf(api, page) {
  const known = visitsTo[page]
  if (known && known.api === api) return known.visits
  const visits = createVisits(api, page)
  visitsTo[page] = { api, visits }
  return visits
}

function withWanted(page, to) {
  return `${page}${page.includes('?') ? '&' : '?'}${WANTED}=${encodeURIComponent(to)}`
}

// Some hosts give the values of a query as they were sent, others decode them.
function wantedOf(page) {
  const to = (page && page.options && page.options[WANTED]) || ''
  return to[0] === '%' ? decodeURIComponent(to) : to
}

function topUrl() {
  const top = openPages().slice(-1)[0]
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
