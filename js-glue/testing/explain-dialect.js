// Says what the client reads in given answers of a server: it gives them to a client, and looks at what that does.
'use strict'

const { createPhone } = require('./phone.js')

const BASE_URL = 'https://api.example.com/'
const PAGE = 'a-page-s-request'
const ACCOUNT = { username: 'a-user', password: 'a-password' }
const PHONE = { phoneCode: 'a-phone-code', encryptedData: 'data', iv: 'iv' }
const LONGEST_WAIT_S = 120

// How each kind of login is begun.
const LOGINS = {
  login: (client, dialect) => (dialect.login || !dialect.accountLogin ? client.loginByWeixin() : client.loginByAccount(ACCOUNT)),
  accountLogin: (client) => client.loginByAccount(ACCOUNT),
  register: (client) => client.register(ACCOUNT),
  bindAccount: (client) => client.bindAccount(ACCOUNT),
  phoneLogin: (client) => client.loginByPhone(PHONE),
}

const isObject = (value) => typeof value === 'object' && value !== null

// An answer is the body alone, or what `wx.request` gives.
const replyOf = (answer) => {
  const { statusCode, data, header } = isObject(answer) && 'statusCode' in answer ? answer : { data: answer }
  const body = typeof data === 'string' || data === undefined ? { text: data || '' } : { json: data }
  return Object.assign({ status: statusCode, header }, body)
}

const masked = (secret) => (secret.length > 12 ? `${secret.slice(0, 4)}… (${secret.length} characters)` : '…')

// The paths at which `found` holds in a body.
const pathsWhere = (body, found, path = '') => {
  if (found(body)) return [path]
  if (!isObject(body)) return []
  return [].concat(...Object.keys(body).map((key) => pathsWhere(body[key], found, path ? `${path}.${key}` : key)))
}

/** Does `work` with a client of its own over answers that `script(n)` gives, on a clock of its own. */
const withClient = async (dialect, script, work) => {
  const phone = createPhone({ baseUrl: BASE_URL, strict: false })
  let answered = 0
  phone.server.handle = () => {
    answered += 1
    return replyOf(script(answered))
  }
  const uninstall = phone.install()
  try {
    const client = await phone.createLoginClient({ baseUrl: BASE_URL, dialect })
    return await work(client, phone)
  } finally {
    uninstall()
  }
}

/** What a call comes to: `{ value }` or `{ error }`. Lets time pass, for a client that waits before it tries again. */
const outcomeOf = async ({ clock }, promise) => {
  let outcome
  promise.then((value) => { outcome = { value } }, (error) => { outcome = { error } })
  await clock.settle()
  for (let waited = 0; !outcome && waited < LONGEST_WAIT_S; waited += 1) await clock.advance(1000)
  return outcome || { error: new Error('it waits for something that does not come') }
}

const describeError = ({ code, message, errno, errmsg, needsUser }) =>
  JSON.parse(JSON.stringify({ code, message, errno, errmsg, needsUser }))

const sentIn = ({ calls }) => calls.filter(({ api }) => api === 'request').map(({ options }) => options)

// What the client has stored, if somebody is signed in.
const recordOf = (phone) => phone.stored(phone.storedKeys()[0]) || {}

// A request, without the codes of wx.login and without the token.
const describeRequest = ({ method, url, header, data }, phone) => {
  const { token } = recordOf(phone)
  const secrets = phone.codes().map((code) => [code, '$code']).concat(token ? [[token, '<token>'], [encodeURIComponent(token), '<token>']] : [])
  const text = JSON.stringify({ method, url: url.replace(BASE_URL, ''), header, data })
  return JSON.parse(secrets.reduce((shown, [secret, name]) => shown.split(secret).join(name), text))
}

// Where a request carries the token.
const carrierOf = ({ url, header, data }, token) => {
  const name = Object.keys(header || {}).find((key) => String(header[key]).includes(token))
  if (name) return `header ${name}: ${header[name].replace(token, '<token>')}`
  if (url.includes(encodeURIComponent(token))) return `query ${url.split('?')[1].replace(encodeURIComponent(token), '<token>')}`
  const [field] = pathsWhere(data, (value) => value === token)
  return field ? `body ${field}` : 'nowhere'
}

const secretAt = (answer, secret) => {
  const is = (value) => typeof value === 'string' && value !== '' && (value === secret || secret.endsWith(` ${value}`))
  return pathsWhere(answer, is)
}

/** What a login that has ended well has brought. */
const describeSession = async (client, phone, answer) => {
  const { token, refresh, identity } = recordOf(phone)
  const { userInfo, expiresAt } = client.session
  const { json, text, header } = replyOf(answer)
  const at = secretAt(json === undefined ? text : json, token).concat(secretAt(header, token).map((name) => `header ${name}`))
  await outcomeOf(phone, client.request({ url: PAGE }))
  return {
    token: { at, value: masked(token), sentAs: carrierOf(sentIn(phone).pop(), token) },
    refreshToken: refresh && { at: secretAt(json, refresh), value: masked(refresh) },
    expiresInSeconds: expiresAt === null ? null : Math.round((expiresAt - phone.clock.now()) / 1000),
    user: userInfo,
    identity: identity === undefined ? null : identity,
  }
}

const explainLogin = (kind, dialect, answers) =>
  withClient(dialect, (n) => (n > 1 && answers.user !== undefined ? answers.user : answers[kind]), async (client, phone) => {
    const { error } = await outcomeOf(phone, LOGINS[kind](client, dialect))
    const sent = sentIn(phone).map((options) => describeRequest(options, phone))
    if (error) return { ok: false, sent, error: describeError(error) }
    return Object.assign({ ok: true, sent }, await describeSession(client, phone, answers[kind]))
  })

// How the answer to a request of a signed-in page is read.
const explainRequest = (dialect, answer, expected) =>
  withClient(dialect, () => answer, async (client, phone) => {
    await client.takeOver({ token: 'the-token-of-a-session', userInfo: {} })
    await phone.clock.advance(3600 * 1000) // a refusal right after a login would be the address's own
    const { error } = await outcomeOf(phone, client.request({ url: PAGE }))
    const isSignedOut = client.session === null || phone.count('login') > 0
    const readAs = isSignedOut ? 'signed out' : error ? 'a failure' : 'an answer for the page'
    return Object.assign({ ok: readAs === expected, readAs }, error && !isSignedOut ? { error: describeError(error) } : {})
  })

// A login that is to be refused, in words that the client understands.
const explainRefusal = (dialect, answer, isRight) =>
  withClient(dialect, () => answer, async (client, phone) => {
    const { error } = await outcomeOf(phone, LOGINS.login(client, dialect))
    return error ? { ok: isRight(error), readAs: error.code, error: describeError(error) } : { ok: false, readAs: 'a login' }
  })

const EXPLANATIONS = {
  signedOut: (dialect, { signedOut }) => explainRequest(dialect, signedOut, 'signed out'),
  request: (dialect, { request }) => explainRequest(dialect, request, 'an answer for the page'),
  refused: (dialect, { refused }) => explainRefusal(dialect, refused, ({ code }) => code !== 'bad_response'),
  unfinished: (dialect, { unfinished }) => explainRefusal(dialect, unfinished, ({ code }) => code === 'unfinished'),
}
Object.keys(LOGINS).forEach((kind) => {
  EXPLANATIONS[kind] = (dialect, answers) => explainLogin(kind, dialect, answers)
})

const lineOf = (kind, { ok, readAs, error, token, refreshToken, expiresInSeconds, user, identity, sent }) => {
  const lines = [`${ok ? '✓' : '✗'} ${kind}${readAs ? `: read as ${readAs}` : ''}`]
  if (sent) sent.forEach(({ method, url, data }) => lines.push(`  sends ${method} ${url} ${JSON.stringify(data || {})}`))
  if (error) lines.push(`  ${error.code || 'error'}: ${error.message}`)
  if (token) {
    lines.push(`  token at ${token.at.join(', ') || 'an unknown place'}: ${token.value}, sent as ${token.sentAs}`)
    if (refreshToken) lines.push(`  refresh token at ${refreshToken.at.join(', ')}: ${refreshToken.value}`)
    lines.push(`  ends ${expiresInSeconds === null ? 'when the server says so' : `in ${expiresInSeconds} s`}`)
    lines.push(`  user ${JSON.stringify(user)}, recognised by ${identity === null ? 'nothing: see dialect.user.id' : identity}`)
  }
  return lines.join('\n')
}

/**
 * What a client with this dialect reads in these answers, by the names of the answers; `ok` says whether all are read as what they are
 * called, and `text` is all of it in words.
 */
exports.explainDialect = async (dialect, answers) => {
  const kinds = Object.keys(answers)
  const unknown = kinds.find((kind) => kind !== 'user' && !EXPLANATIONS[kind])
  if (unknown) throw new TypeError(`explainDialect knows no answer "${unknown}", only user, ${Object.keys(EXPLANATIONS).join(', ')}`)
  const report = {}
  for (const kind of kinds.filter((kind) => kind !== 'user')) report[kind] = await EXPLANATIONS[kind](dialect, answers)
  const explained = Object.keys(report)
  return Object.assign(report, {
    ok: explained.every((kind) => report[kind].ok),
    text: explained.map((kind) => lineOf(kind, report[kind])).join('\n'),
  })
}
