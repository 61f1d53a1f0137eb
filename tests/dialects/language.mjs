// The words in which a backend's facts are written: see backends/.
//
// A route says what a request must hold, in `header`, `query`, `json`, `form`, `body` (either of these two) and `param` (query
// or form). A text `':name'` stands for anything that is not empty, and hands it to the route's work; all else must be equal.

/** Why a backend says no. */
export class Refusal extends Error {
  constructor(why) {
    super(TEXTS[why])
    this.why = why
  }
}

export const TEXTS = {
  code: 'the code is not valid',
  phone: 'the phone data is not valid',
  password: 'the name or the password is wrong',
  key: 'the key is not valid',
  blocked: 'this user is blocked',
  refresh: 'the refresh token is not known',
  'refresh-ended': 'the refresh token has ended',
  request: 'the request is not as it must be',
}

/** An answer with another status than 200, or with headers. */
export class Answer {
  constructor(status, body, header = {}) {
    Object.assign(this, { status, body, header })
  }
}
export const answer = (...parts) => new Answer(...parts)

const isObject = (value) => typeof value === 'object' && value !== null

// What is wrong with `got`, or nothing; what `:names` stand for goes into `parts`.
export const mismatch = (wanted, got, parts, path) => {
  if (isObject(wanted)) {
    if (!isObject(got) || Array.isArray(got)) return `${path}: is no object`
    return Object.keys(wanted).map((key) => mismatch(wanted[key], got[key], parts, `${path}.${key}`)).find(Boolean)
  }
  if (typeof wanted === 'string' && wanted.startsWith(':')) {
    parts[wanted.slice(1)] = got
    return got === undefined || got === null || got === '' ? `${path}: is missing` : undefined
  }
  return got === wanted ? undefined : `${path}: is not ${JSON.stringify(wanted)}`
}

const secondsOf = ({ began, ends }) => Math.round((ends - began) / 1000)

const welcome = (backend, session) => backend.ok(backend.session(session, secondsOf(session)))

/** A login by a code of wx.login. `newcomer` makes the answer for a user who must do more first. */
export const byCode = (wanted, { newcomer } = {}) => ({
  kind: 'login',
  by: 'code',
  knowsNewcomers: newcomer !== undefined,
  wanted,
  work: ({ code }, { machine, backend }) => {
    const user = machine.redeem(code)
    return newcomer && user.isNew ? newcomer(user, machine) : welcome(backend, machine.signIn(user))
  },
})

/** The first of two steps of a login: gives something for the code. */
export const exchange = (wanted, give) => ({
  kind: 'exchange',
  wanted,
  work: ({ code }, { machine, backend }) => backend.ok(give(machine.redeem(code), machine)),
})

/** Any other login: `find` says who the user is, who is no newcomer after that. */
export const byOther = (by, wanted, find) => ({
  kind: 'login',
  by,
  wanted,
  work: (parts, { machine, backend }) => {
    const user = find(parts, machine)
    user.isNew = false
    return welcome(backend, machine.signIn(user))
  },
})

export const byAccount = (wanted) =>
  byOther('account', wanted, ({ username, password }, machine) => machine.byAccount(username, password))

const withPhone = (user, phone) => Object.assign(user, { phone })

/** A login by the code of a getPhoneNumber button, which is spent first: a wrong code of wx.login costs it as well. */
export const byPhoneCode = (wanted, userOf = ({ code }, machine) => machine.redeem(code)) =>
  byOther('phoneCode', wanted, (parts, machine) => {
    const phone = machine.phoneOf(parts.phoneCode)
    return withPhone(userOf(parts, machine), phone)
  })

/** The same with the encrypted data of older buttons. */
export const byPhoneData = (wanted, userOf = ({ code }, machine) => machine.redeem(code)) =>
  byOther('phoneData', wanted, (parts, machine) => {
    const user = userOf(parts, machine)
    return withPhone(user, machine.decrypt(parts.encryptedData, parts.iv))
  })

/** Binds a phone number to the user. */
export const bindPhone = (wanted) => ({
  kind: 'phone',
  bindsBy: JSON.stringify(wanted).includes(':phoneCode') ? 'phoneCode' : 'phoneData',
  needsUser: true,
  wanted,
  work: ({ phoneCode, encryptedData, iv }, { machine, backend, session }) => {
    session.user.phone = phoneCode ? machine.phoneOf(phoneCode) : machine.decrypt(encryptedData, iv)
    return backend.ok(backend.user ? backend.user(session.user) : null)
  },
})

/** A refresh by a refresh token. `rotates`: it works once. `dropsOld`: the user's older tokens end. */
export const refresh = (wanted, how = {}) => ({
  kind: 'refresh',
  wanted,
  work: ({ refreshToken }, { machine, backend }) => {
    const session = machine.refresh(refreshToken, how)
    return how.gives ? how.gives(session) : welcome(backend, session)
  },
})

/** A refresh by the token itself. `evenEnded`: also after its end. `keepsForMs`: a younger token is given again. */
export const refreshByToken = ({ evenEnded = false, keepsForMs = 0 } = {}) => ({
  kind: 'refresh',
  needsUser: true,
  evenEnded,
  work: (parts, { machine, backend, session, now }) => {
    if (now() - session.began < keepsForMs) return welcome(backend, session)
    machine.drop(session)
    return welcome(backend, machine.signIn(session.user))
  },
})

export const logout = (others) => ({
  kind: 'logout',
  needsUser: true,
  ...others,
  work: (parts, { machine, backend, session }) => {
    machine.drop(session)
    return backend.ok(null)
  },
})

/** Says who the user is. */
export const me = (others) => ({
  kind: 'user',
  needsUser: true,
  ...others,
  work: (parts, { backend, session }) => backend.ok(backend.user(session.user)),
})

/** A request of the app's own: says for whom it was answered, and what came. */
export const ownRequest = {
  kind: 'app',
  needsUser: true,
  work: (parts, { backend, session, request }) =>
    backend.ok({ of: session.user.openid, n: String((request.json || request.param).n) }),
}
