// A backend over real HTTP, and what a test can do to it.
import { createServer } from 'node:http'
import { backends } from './backends/index.mjs'
import { Answer, answer } from './language.mjs'
import { createMachine } from './machine.mjs'
import { read } from './reading.mjs'
import { HOST, createSpeaker, ownPathOf } from './speaker.mjs'

const LOST = new Answer()

/** For `server.next`: the work is done, and its answer gets lost. */
export const lost = (usual) => {
  usual()
  return LOST
}

/** For `server.next`: nothing is done, and this is the answer. */
export const answers = (status, body, header) => () => answer(status, body, header)

/** For `server.next`: the usual answer, once `promise` is settled. */
export const after = (promise) => async (usual) => {
  await promise
  return usual()
}

const listening = (http) => new Promise((resolve) => { http.listen(0, HOST, () => resolve(http.address().port)) })

/** Starts the backend of this name. */
export const startServer = async (name) => {
  const backend = backends[name]
  const planned = {}
  const requests = []
  const complaints = []
  let skewMs = 0
  const now = () => Date.now() + skewMs
  const machine = createMachine(backend, now)
  const speaker = createSpeaker({ backend, machine, now, complaints })

  const reply = async (incoming) => {
    const { answer: usual, ...heard } = speaker.hear(await read(incoming, backend.base))
    requests.push({ ...heard, at: now() })
    const behaviour = (planned[heard.kind] || []).shift()
    return behaviour ? behaviour(usual) : usual()
  }

  const send = (outgoing, { status, body, header }) => {
    const isText = typeof body === 'string'
    const type = isText ? 'text/plain' : 'application/json;charset=UTF-8'
    outgoing.writeHead(status, { Date: new Date(now()).toUTCString(), 'Content-Type': type, ...header })
    outgoing.end(isText ? body : JSON.stringify(body))
  }

  const http = createServer(async (incoming, outgoing) => {
    const given = await reply(incoming).catch((error) => {
      complaints.push(`the server of the tests is broken: ${error.stack}`)
      return answer(500, 'broken')
    })
    if (given === LOST) outgoing.destroy()
    else send(outgoing, given)
  })
  const port = await listening(http)
  const ofKind = (kind) => requests.filter((request) => request.kind === kind)

  return {
    backend,
    /** Users, codes and tokens: see machine.mjs. */
    machine,
    baseUrl: `http://${HOST}:${port}/${backend.base}`,
    /** The other host of a backend that has two. */
    otherUrl: `http://localhost:${port}/${backend.base}`,
    ownPath: ownPathOf(backend),
    /**
     * All that came: `{ kind, token, refreshToken, at }`. The kinds: login, exchange (the first step of a login), user, refresh,
     * app, phone, check, logout and unexpected.
     */
    requests,
    /** What was wrong with what came. */
    complaints,
    count: (kind) => ofKind(kind).length,
    tokens: (kind) => ofKind(kind).map(({ token }) => token),
    refreshTokens: () => ofKind('refresh').map(({ refreshToken }) => refreshToken),
    /** Whether the backend has such requests at all, by its facts. */
    has: (kind) => speaker.routes.some((route) => route.kind === kind),
    /** Whether it knows such a login, by its facts. */
    signsInBy: (way) => speaker.routes.some(({ by }) => by === way),
    /** Whether a user may have to do more before the login ends: `isNew` of a user says who. */
    knowsNewcomers: speaker.routes.some(({ knowsNewcomers }) => knowsNewcomers),
    /** Whether it takes the code of a phone button from a user. */
    bindsPhoneByCode: speaker.routes.some(({ bindsBy }) => bindsBy === 'phoneCode'),
    /** The next requests of a kind are answered by `lost`, `answers(…)`, `after(…)` or another function of the usual answer. */
    next: (kind, ...behaviours) => { planned[kind] = (planned[kind] || []).concat(behaviours) },
    /** The server's clock is wrong by so much. */
    setSkew: (ms) => { skewMs = ms },
    stop: () => new Promise((resolve) => {
      http.close(resolve)
      http.closeAllConnections()
    }),
  }
}
