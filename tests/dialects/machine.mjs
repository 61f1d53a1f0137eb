// What all backends have in common: users, codes that work once, tokens and refresh tokens with an end, and WeChat behind them.
import { Refusal } from './language.mjs'

const CODE_LIFE_MS = 5 * 60 * 1000

const base64url = (value) => Buffer.from(JSON.stringify(value)).toString('base64url')

// A token with the claims that a backend writes, and a signature that nobody checks.
const jwt = (claims, number) => `${base64url({ alg: 'HS256' })}.${base64url(claims)}.secret-token-${number}`

/** `now` is the server's clock. */
export const createMachine = (backend, now) => {
  const users = new Map() // by openid, and by the name of an account
  const accounts = new Map()
  const once = new Map() // codes and the like, which work once
  const sessions = new Map()
  const refreshTokens = new Map()
  const given = {}

  const count = (what) => {
    given[what] = (given[what] || 0) + 1
    return given[what]
  }

  const claims = ({ number, user, began, ends }) => {
    const all = { iat: Math.floor(began / 1000), exp: Math.floor(ends / 1000), created: began }
    return Object.fromEntries([['sub', user.id], ['jti', number], ...backend.jwt.map((name) => [name, all[name]])])
  }

  const issue = (what, value, lifeMs) => {
    const text = `secret-${what}-${count(what)}`
    once.set(text, { value, ends: now() + lifeMs })
    return text
  }

  const take = (what, text) => {
    const known = once.get(text)
    once.delete(text)
    if (!known || known.ends <= now()) throw new Refusal(what)
    return known.value
  }

  const newRefreshToken = (user) => {
    const text = `secret-refresh-${count('refresh')}`
    refreshTokens.set(text, { user, ends: now() + machine.refreshLifeMs })
    return text
  }

  const dropWhere = (map, isMeant) => map.forEach((value, key) => isMeant(value) && map.delete(key))
  const ofUser = (user) => (held) => user === undefined || held.user === user
  const end = (held) => { held.ends = now() }

  const machine = {
    lifeMs: backend.lifeSeconds * 1000,
    refreshLifeMs: 30 * 24 * 3600 * 1000,

    userOf: (name) => {
      if (!users.has(name)) users.set(name, { id: users.size + 1, openid: name, nickname: `user ${users.size + 1}` })
      return users.get(name)
    },

    addAccount: (username, password) => {
      accounts.set(username, { username, password, user: machine.userOf(username) })
      return { username, password }
    },

    byAccount: (username, password) => {
      const account = accounts.get(username)
      if (!account || account.password !== password) throw new Refusal('password')
      return account.user
    },

    // A code of wx.login for a user of WeChat's, and who it is for.
    newCode: (openid) => issue('code', openid, CODE_LIFE_MS),
    redeem: (code) => machine.userOf(take('code', code)),

    // What a getPhoneNumber button gives, in the new way and in the old.
    newPhoneCode: (phone) => issue('phone', phone, CODE_LIFE_MS),
    phoneOf: (code) => take('phone', code),
    newPhoneData: (phone) => ({ encryptedData: issue('data', phone, CODE_LIFE_MS), iv: 'secret-iv' }),
    decrypt: (encryptedData, iv) => {
      if (iv !== 'secret-iv') throw new Refusal('phone')
      return take('phone', encryptedData)
    },

    // A key for the next step of a login.
    newKey: (user) => issue('key', user, CODE_LIFE_MS),
    userOfKey: (key) => take('key', key),

    signIn: (user, refreshToken) => {
      if (user.blocked) throw new Refusal('blocked')
      const session = { number: count('token'), user, began: now(), ends: now() + machine.lifeMs }
      session.token = backend.jwt ? jwt(claims(session), session.number) : `secret-token-${session.number}`
      session.refreshToken = refreshToken || (backend.refreshIsToken ? session.token : newRefreshToken(user))
      if (backend.refreshIsToken) refreshTokens.set(session.token, session)
      sessions.set(session.token, session)
      return session
    },

    // The session of a token, or why there is none: `missing`, `unknown` or `ended`.
    sessionOf: (token) => {
      const session = sessions.get(token)
      if (!token) return { why: 'missing' }
      if (!session) return { why: 'unknown' }
      return session.ends > now() ? { session } : { session, why: 'ended' }
    },

    refresh: (refreshToken, { rotates, dropsOld }) => {
      const known = refreshTokens.get(refreshToken)
      if (!known) throw new Refusal('refresh')
      if (known.ends <= now()) throw new Refusal('refresh-ended')
      if (dropsOld) dropWhere(sessions, ofUser(known.user))
      if (rotates) refreshTokens.delete(refreshToken)
      return machine.signIn(known.user, rotates ? undefined : refreshToken)
    },

    drop: (session) => {
      sessions.delete(session.token)
      refreshTokens.delete(session.refreshToken)
    },
    dropRefresh: (refreshToken) => {
      if (!refreshTokens.delete(refreshToken)) throw new Refusal('refresh')
    },

    // All tokens, or those of one user. Their refresh tokens stay, but where both are the same.
    revokeTokens: (user) => {
      dropWhere(sessions, ofUser(user))
      if (backend.refreshIsToken) machine.revokeRefreshTokens(user)
    },
    revokeRefreshTokens: (user) => dropWhere(refreshTokens, ofUser(user)),
    endTokens: () => sessions.forEach(end),
    endRefreshTokens: () => refreshTokens.forEach(end),
    hasSession: (user) => Array.from(sessions.values()).some((session) => session.user === user && session.ends > now()),
    accepts: (token) => !machine.sessionOf(token).why,
    tokensGiven: () => given.token || 0,
  }
  return machine
}
