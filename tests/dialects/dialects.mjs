// The dialect of each backend as an app would give it: the preset and what only the app knows or, where data does not do, the
// whole with functions.
import { createHash } from 'node:crypto'
import { createRequire } from 'node:module'
import { dist } from '../package/package-files.mjs'
import { sealed } from './sealed.mjs'

const md5 = (text) => createHash('md5').update(text).digest('hex')

// `ruoyiApp` of `ruoyi-app`
const nameOf = (id) => id.replace(/-(\w)/g, (_, letter) => letter.toUpperCase())

const presetOf = async (id) => createRequire(import.meta.url)(dist(`dialects/${id}.js`))[nameOf(id)]

const header = (given) => ({ headers }) => ({ headers: { ...headers, ...given } })

const FORM = { 'content-type': 'application/x-www-form-urlencoded' }

// CRMEB: two steps, the second by a key; or by a key, another code and the data of the phone button.
const loginOfCrmeb = async ({ code, nextCode, phone, send }) => {
  const first = await send({ url: 'api/v2/routine/auth_type', data: { code } })
  const { key, bindPhone } = first.data.data || {}
  if (!key || (bindPhone && !phone)) return first
  if (!bindPhone) return send({ url: 'api/v2/routine/auth_login', data: { key } })
  const data = { code: await nextCode(), key, ...phone }
  return send({ url: 'api/v2/routine/auth_binding_phone', method: 'POST', data })
}

// niushop: two steps, the second by an openid.
const loginOfNiushop = async ({ code, send }) => {
  const post = (url, data) => send({ url, method: 'POST', header: FORM, data })
  const first = await post('weapp/api/weapp/authcodetoopenid', { code })
  const { openid } = first.data.data
  return openid ? post('api/login/auth', { weapp_openid: openid }) : first
}

// likeshop: a user whom the server does not know is signed up with a code of its own.
const loginOfLikeshop = async ({ code, nextCode, send }) => {
  const post = (url, data) => send({ url, method: 'POST', data })
  const known = await post('api/account/silentLogin', { code })
  const isNew = known.data.code === 1 && Array.isArray(known.data.data)
  if (!isNew) return known
  return post('api/account/authLogin', { code: await nextCode(), nickname: 'new', headimgurl: 'a.png' })
}

// yshop-drink: the openid and the data of the phone button.
const loginOfYshop = async ({ code, phone, send }) => {
  const post = (url, data) => send({ url, method: 'POST', data })
  const first = await post('member/auth/auth-session', { code })
  if (first.data.code !== 0 || !phone) return first
  return post('member/auth/auth-miniapp-login', { ...phone, openid: first.data.data.openId })
}

// RuoYi-Vue-Plus: an encrypted body.
const loginOfRuoyi = ({ code, send }) => {
  const { body, header } = sealed({ clientId: 'demo-client', grantType: 'xcx', tenantId: '000000', appid: 'wx0', xcxCode: code })
  return send({ url: 'auth/login', method: 'POST', data: body, header })
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
    expires: { at: 'data.expire_in', as: 'seconds' },
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
    expires: { at: 'data.expires_time', as: 'epoch-s' },
    unfinished: { 'data.bindPhone': true },
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
    user: { url: 'api/member/info', as: 'form', method: 'POST', at: 'data', id: 'member_id' },
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
    unfinished: 'no-token',
    user: { at: 'data.userInfo' },
    signedOut: { code: 401 },
    logout: { url: 'member/auth/logout' },
  },
  lilishop: {
    headers: { uuid: 'device-1' },
    success: { success: true },
    message: 'message',
    phoneLogin: {
      url: 'passport/connect/miniProgram/auto-login',
      method: 'GET',
      as: 'query',
      send: { code: '$code', encryptedData: '$encryptedData', iv: '$iv' },
    },
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

/** The dialect for a server of `startServer`, whose backend has this name. */
export const dialectOf = async (name, server) => {
  const id = server.backend.dialect || name
  if (withFunctions[id]) return withFunctions[id]
  const preset = await presetOf(id)
  return { ...preset, ...(ofTheApp[id] ? ofTheApp[id](preset, server) : {}) }
}
