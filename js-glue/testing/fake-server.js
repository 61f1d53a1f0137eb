// The backend, in memory: the wire contract, with real bookkeeping of tokens.
'use strict'

const { createFakeUsers } = require('./fake-users.js')

const SIGNED_OUT = { errno: 501, errmsg: '请登录' }

// `redeem(code)` is WeChat's code2Session: who the code belongs to, or its errcode.
exports.createFakeServer = ({ clock, redeem }) => {
  const users = createFakeUsers({ redeem })
  const sessions = new Map()
  const planned = new Map()
  const lasting = new Map()
  let tokensGiven = 0

  const server = {
    lifeSeconds: 7200,
    // Whether a login answer says how long its token lives.
    tellsLife: true,

    // Makes the next answers of an endpoint other than usual: `{ json }` or `{ text }`, with a `status`; or a function
    // that is given the usual answer.
    next: (path, ...replies) => { planned.set(path, (planned.get(path) || []).concat(replies)) },

    // Makes all answers of an endpoint so; without a reply: as usual again.
    always: (path, reply) => { lasting.set(path, reply) },

    addAccount: users.addAccount,
    revokeAll: () => sessions.clear(),
    accepts: (token) => signedIn(token) !== undefined,

    handle: (request) => {
      const usual = () => ({ json: answer(request) })
      const reply = (planned.get(request.path) || []).shift() || lasting.get(request.path)
      return typeof reply === 'function' ? reply(usual()) : reply || usual()
    },
  }

  const signedIn = (token) => {
    const session = sessions.get(token)
    return session && session.ends > clock.now() ? session.user : undefined
  }

  const logIn = ({ user, refusal }) => {
    if (refusal) return refusal
    tokensGiven += 1
    const token = `secret-token-${tokensGiven}`
    sessions.set(token, { user, ends: clock.now() + server.lifeSeconds * 1000 })
    const data = { token, userInfo: user }
    if (server.tellsLife) data.expiresIn = server.lifeSeconds
    return { errno: 0, errmsg: '成功', data }
  }

  const withUser = (request, work) => {
    const user = signedIn(request.token)
    return user ? { errno: 0, errmsg: '成功', data: work(user) } : SIGNED_OUT
  }

  const endAll = (user) => {
    for (const [token, session] of sessions) if (session.user === user) sessions.delete(token)
  }

  const answer = (request) => {
    switch (`${request.method} ${request.path}`) {
      case 'POST auth/login_by_weixin':
        return logIn(users.byWeixin(request.body))
      case 'POST auth/login':
        return logIn(users.byAccount(request.body))
      case 'POST auth/register':
        return logIn(users.register(request.body))
      case 'GET auth/info':
        return withUser(request, (user) => user)
      case 'POST auth/profile':
        return withUser(request, (user) => Object.assign(user, request.body))
      case 'POST auth/bind_phone':
        return withUser(request, (user) => Object.assign(user, { phone: '13800000000' }))
      case 'POST auth/logout':
        return withUser(request, () => { sessions.delete(request.token) })
      case 'POST auth/logout_everywhere':
        return withUser(request, (user) => endAll(user))
      case 'GET order/echo':
      case 'POST order/echo':
        return withUser(request, ({ userId }) => ({ userId, sent: request.body }))
      case 'POST storage/upload':
        return withUser(request, ({ userId }) => ({ userId, sent: request.body }))
      case 'GET order/file':
        return withUser(request, ({ userId }) => `a file of ${userId}`)
      case 'GET goods/list':
        return { errno: 0, errmsg: '成功', data: { list: [], token: request.token } }
      default:
        return { errno: 404, errmsg: `no such endpoint: ${request.method} ${request.path}` }
    }
  }

  return server
}
