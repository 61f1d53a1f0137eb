// A backend as its facts say: what it answers to a request. What does not fit is refused as that backend would.
import { Answer, Refusal, answer, mismatch, ownRequest } from './language.mjs'

export const HOST = '127.0.0.1'
const OWN_PATH = 'demo/mine'

// `:name` in a route's path stands for one part of it.
const compiled = ([key, route]) => {
  const [method, path] = key.split(' ')
  return { host: HOST, ...route, method, pattern: new RegExp(`^${path.replace(/:(\w+)/g, '(?<$1>[^/]+)')}$`) }
}

const partsOfPath = ({ pattern }, path) =>
  Object.fromEntries(Object.entries(pattern.exec(path).groups || {}).map(([name, text]) => [name, decodeURIComponent(text)]))

const textsAt = (request, places) => places.map(({ scheme = '', ...place }) => {
  const [[where, name]] = Object.entries(place)
  return { scheme, text: request[where][name] }
}).filter(({ text }) => text)

// The token, which a backend looks for in some places. In another scheme it is none.
const tokenIn = (request, places) => {
  const found = textsAt(request, places).find(({ scheme, text }) => text.startsWith(scheme))
  return found && found.text.slice(found.scheme.length)
}

/** `complaints` takes what was wrong with the requests. */
export const createSpeaker = ({ backend, machine, now, complaints }) => {
  const own = { [`GET ${OWN_PATH}`]: ownRequest, [`POST ${OWN_PATH}`]: ownRequest }
  const routes = Object.entries({ ...backend.routes, ...own }).map(compiled)
  const pathOf = backend.pathOf || (({ path }) => path)

  const routeOf = (request) =>
    routes.find(({ method, host, pattern }) =>
      method === request.method && host === request.host && pattern.test(pathOf(request)))

  const complain = ({ method, url }, problem) => complaints.push(`${method} ${url}: ${problem}`)

  const refuse = (request, problem) => {
    complain(request, problem)
    throw new Refusal('request')
  }

  const sessionFor = (route, request, token) => {
    if (!token && textsAt(request, backend.carried).length > 0) complain(request, 'the token has a wrong scheme')
    const { session, why } = machine.sessionOf(token)
    return { session, why: why === 'ended' && route.evenEnded ? undefined : why }
  }

  const spoken = (route, { request, parts, token, problem }) => {
    if (problem) refuse(request, problem)
    const wrong = backend.guard && backend.guard(request, token, now())
    if (wrong) complain(request, 'what must come beside the token is missing or wrong')
    if (wrong === 'signed out') return backend.signedOut('unknown')
    if (wrong) throw new Refusal(wrong)
    const { session, why } = route.needsUser ? sessionFor(route, request, token) : {}
    if (why) return backend.signedOut(why)
    const context = { machine, backend, session, request, now }
    const body = route.work(parts, context)
    return session && backend.rolls ? backend.rolls(body, context) : body
  }

  const orRefused = (work) => {
    try {
      return work()
    } catch (error) {
      if (error instanceof Refusal) return backend.refused(error.message, error.why)
      throw error
    }
  }

  const understood = (route, request) => {
    const parts = partsOfPath(route, pathOf(request))
    const unlike = (wanted = {}, found) => mismatch(wanted, request, found, 'request')
    const problem = unlike(backend.constant, {}) || unlike(route.wanted, parts)
    return { request, parts, token: tokenIn(request, backend.carried), problem }
  }

  return {
    routes,

    /** What a request is and, by a call of `answer`, what is answered. */
    hear: (incoming) => {
      const route = routeOf(incoming)
      if (!route) {
        complain(incoming, 'there is no such address')
        return { kind: 'unexpected', token: tokenIn(incoming, backend.carried), answer: () => answer(404, 'not found') }
      }
      const heard = understood(route, route.reads ? route.reads(incoming) : incoming)
      const say = () => orRefused(() => spoken(route, heard))
      return {
        kind: route.kind,
        token: heard.token,
        refreshToken: heard.parts.refreshToken,
        answer: () => {
          const said = say()
          return said instanceof Answer ? said : answer(200, said)
        },
      }
    },
  }
}

/** Where the app's own requests go. */
export const ownPathOf = ({ pathOf }) => (pathOf ? `api.php?s=${OWN_PATH}` : OWN_PATH)
