// The dialect of each backend as an app would give it: the preset and what only the app knows or, where data does not do, the
// whole with functions.
import { createHash } from 'node:crypto'
import { sealed } from './sealed.mjs'

const md5 = (text) => createHash('md5').update(text).digest('hex')

// `ruoyiApp` of `ruoyi-app`
const nameOf = (id) => id.replace(/-(\w)/g, (_, letter) => letter.toUpperCase())

const presetOf = async (id) => (await import(`../../js-glue/src/dialects/${id}.js`))[nameOf(id)]

const header = (given) => ({ headers }) => ({ headers: { ...headers, ...given } })

// The data of a good answer; else the server's refusal.
const dataOf = ({ data: body }, { at, good, message, reject }) => (body[at] === good ? body.data : reject(body[at], body[message]))

// CRMEB: two steps, the second by a key; or by a key, another code and the data of the phone button.
const loginOfCrmeb = async ({ code, nextCode, phone, send, reject, unfinished }) => {
  const how = { at: 'status', good: 200, message: 'msg', reject }
  const byQuery = (url, fields) => send({ method: 'GET', url: `api/v2/routine/${url}`, as: 'query', send: fields })
  const { key, bindPhone } = dataOf(await byQuery('auth_type', { code }), how)
  if (bindPhone && !phone) return unfinished({ key })
  const answer = bindPhone
    ? await send({ url: 'api/v2/routine/auth_binding_phone', send: { code: await nextCode(), key, ...phone } })
    : await byQuery('auth_login', { key })
  return { token: dataOf(answer, how).token }
}

// niushop: two steps, the second by an openid.
const loginOfNiushop = async ({ code, send, reject }) => {
  const how = { at: 'code', good: 0, message: 'message', reject }
  const { openid } = dataOf(await send({ url: 'weapp/api/weapp/authcodetoopenid', as: 'form', send: { code } }), how)
  const { token } = dataOf(await send({ url: 'api/login/auth', as: 'form', send: { weapp_openid: openid } }), how)
  return { token }
}

// likeshop: a user whom the server does not know is signed up with a code of its own.
const loginOfLikeshop = async ({ code, nextCode, send, reject }) => {
  const how = { at: 'code', good: 1, message: 'msg', reject }
  const known = dataOf(await send({ url: 'api/account/silentLogin', send: { code } }), how)
  if (!Array.isArray(known)) return { token: known.token, user: known }
  const profile = { nickname: 'new', headimgurl: 'a.png' }
  const user = dataOf(await send({ url: 'api/account/authLogin', send: { code: await nextCode(), ...profile } }), how)
  return { token: user.token, user }
}

// yshop-drink: the openid and the data of the phone button.
const loginOfYshop = async ({ code, phone, send, reject, unfinished }) => {
  const how = { at: 'code', good: 0, message: 'msg', reject }
  const { openId: openid } = dataOf(await send({ url: 'member/auth/auth-session', send: { code } }), how)
  if (!phone) return unfinished({ openid })
  const { encryptedData, iv } = phone
  const data = dataOf(await send({ url: 'member/auth/auth-miniapp-login', send: { encryptedData, iv, openid } }), how)
  return { token: data.accessToken, user: data.userInfo }
}

// lilishop: the code and the data of the phone button.
const loginOfLilishop = async ({ code, phone, send, reject, unfinished }) => {
  if (!phone) return unfinished({})
  const url = 'passport/connect/miniProgram/auto-login'
  const { data: body } = await send({ method: 'GET', url, as: 'query', send: { code, ...phone } })
  if (body.success !== true) return reject(body.code, body.message)
  return { token: body.result.accessToken, refreshToken: body.result.refreshToken }
}

// RuoYi-Vue-Plus: an encrypted body.
const loginOfRuoyi = async ({ code, send, reject }) => {
  const { body, header } = sealed({ clientId: 'demo-client', grantType: 'xcx', tenantId: '000000', appid: 'wx0', xcxCode: code })
  const answer = await send({ url: 'auth/login', send: body, header })
  const data = dataOf(answer, { at: 'code', good: 200, message: 'msg', reject })
  return { token: data.access_token, expiresIn: data.expire_in }
}

const signOfLilishop = ({ token }) => {
  const [nonce, timestamp] = [String(Math.random()), String(Date.now())]
  return token ? { query: { nonce, timestamp, sign: md5(nonce + timestamp + token) } } : {}
}

const signOfLeancloud = () => {
  const time = String(Date.now())
  return { header: { 'X-LC-Sign': `${md5(`${time}demo-key`)},${time}` } }
}

// What only the app knows: tenants, devices and hosts.
const ofTheApp = {
  yudao: header({ 'tenant-id': '1' }),
  jeecg: header({ 'X-Tenant-Id': '0' }),
  niucloud: header({ 'site-id': '1' }),
  shopxo: ({ params }) => ({ params: { ...params, uuid: 'device-1' } }),
  apifm: (preset, { otherUrl }) => ({
    hosts: [otherUrl],
    logout: { method: 'GET', url: `${otherUrl}user/loginout` },
  }),
}

const BEARER = { header: 'Authorization', scheme: 'Bearer ' }

// Those whose login, or whose requests, need a function.
const withFunctions = {
  'ruoyi-vue-plus': {
    headers: { clientid: 'demo-client' },
    success: { code: 200 },
    message: 'msg',
    login: loginOfRuoyi,
    token: { at: 'data.access_token', ...BEARER },
    user: { url: 'system/user/getInfo', at: 'data.user', id: 'userId' },
    signedOut: { code: 401 },
    logout: { url: 'auth/logout' },
  },
  crmeb: {
    headers: { 'Form-type': 'routine' },
    success: { status: 200 },
    code: 'status',
    message: 'msg',
    login: loginOfCrmeb,
    token: { at: 'data.token', header: 'Authori-zation', scheme: 'Bearer ' },
    user: { url: 'api/userinfo', at: 'data', id: 'uid' },
    signedOut: { status: [110002, 110003, 110004] },
    logout: { url: 'api/logout', method: 'GET' },
  },
  niushop: {
    params: { app_type: 'weapp' },
    success: { code: [0, 10002, 10003, 10004] },
    message: 'message',
    login: loginOfNiushop,
    token: { at: 'data.token', body: 'token' },
    user: { url: 'api/member/info', method: 'POST', at: 'data', id: 'member_id' },
    signedOut: { code: [-10009, -10010] },
    renewed: { at: 'refreshtoken' },
  },
  likeshop: {
    success: { code: 1 },
    message: 'msg',
    login: loginOfLikeshop,
    token: { at: 'data.token', header: 'token' },
    user: { at: 'data', id: 'sn' },
    signedOut: { code: -1 },
    logout: { url: 'api/account/logout' },
  },
  'yshop-drink': {
    success: { code: 0 },
    message: 'msg',
    login: loginOfYshop,
    token: { at: 'data.accessToken', ...BEARER },
    user: { at: 'data.userInfo' },
    signedOut: { code: 401 },
    logout: { url: 'member/auth/logout' },
  },
  lilishop: {
    headers: { uuid: 'device-1' },
    success: { success: true },
    message: 'message',
    login: loginOfLilishop,
    sign: signOfLilishop,
    token: { at: 'result.accessToken', header: 'accessToken', refresh: 'result.refreshToken' },
    refresh: { url: 'passport/member/refresh/$refresh', method: 'GET' },
    user: { url: 'passport/member', at: 'result' },
    signedOut: { $status: 403, code: 403 },
    logout: { url: 'passport/member/logout' },
  },
  leancloud: {
    headers: { 'X-LC-Id': 'demo' },
    success: 'status',
    message: 'error',
    login: { url: '1.1/users', send: { authData: { lc_weapp: { code: '$code' } } } },
    sign: signOfLeancloud,
    token: { at: 'sessionToken', header: 'X-LC-Session' },
    user: { at: '', id: 'objectId' },
    signedOut: { $status: 401 },
  },
}

/** Whether data alone cannot say how a backend signs in, or how its requests are sent. */
export const needsFunction = (name) => name in withFunctions

/** The dialect for a server of `startServer`, whose backend has this name. */
export const dialectOf = async (name, server) => {
  const id = server.backend.dialect || name
  if (withFunctions[id]) return withFunctions[id]
  const preset = await presetOf(id)
  return { ...preset, ...(ofTheApp[id] ? ofTheApp[id](preset, server) : {}) }
}
