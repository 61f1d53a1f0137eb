// Backends in Python and JavaScript, and services.
import { createHash } from 'node:crypto'
import { answer, bindPhone, byCode, byOther, byPhoneData, logout, me, refresh } from '../language.mjs'

const BEARER = { header: 'authorization', scheme: 'Bearer ' }

// One host for the logins, another for the users.
const OTHER_HOST = { host: 'localhost' }
const apifm = {
  base: 'demo/',
  forms: true,
  carried: [{ param: 'token' }],
  lifeSeconds: 7200,
  ok: (data) => ({ code: 0, msg: 'ok', data }),
  refused: (text) => ({ code: 1, msg: text }),
  signedOut: () => ({ code: 2000, msg: 'sign in' }),
  session: ({ token, user }) => ({ token, uid: user.id, openid: user.openid }),
  user: ({ id, nickname, phone }) => ({ base: { id, nick: nickname, mobile: phone } }), // not read
  id: 'uid',
  routes: {
    'POST user/wxapp/login': byCode({ form: { code: ':code', type: '2' } }, {
      newcomer: () => ({ code: 10000, msg: 'unknown user' }),
    }),
    'POST user/wxapp/authorize': byOther('referrer', { form: { code: ':code' } }, ({ code }, machine) => machine.redeem(code)),
    'POST user/wxapp/login/mobile': byPhoneData({ form: { code: ':code', encryptedData: ':encryptedData', iv: ':iv' } }),
    'POST user/wxapp/bindMobile/v2': bindPhone({ form: { code: ':phoneCode' } }),
    'GET user/check-token': me({ kind: 'check' }),
    'GET user/detail': me(OTHER_HOST),
    'GET user/loginout': logout(OTHER_HOST),
  },
}

// The routes of the login and of the user are a project's own.
const simplejwt = {
  base: '',
  carried: [BEARER],
  lifeSeconds: 300,
  jwt: ['exp', 'iat'],
  ok: (data) => data ?? {},
  refused: (text, why) => {
    if (why === 'request') return answer(400, { detail: text })
    return answer(401, why.startsWith('refresh') ? { detail: text, code: 'token_not_valid' } : { detail: text })
  },
  signedOut: (why) => answer(401, why === 'missing'
    ? { detail: 'Authentication credentials were not provided.' }
    : { detail: 'Given token not valid', code: 'token_not_valid', messages: [] }),
  session: ({ token, refreshToken }) => ({ access: token, refresh: refreshToken }),
  user: ({ id, nickname }) => ({ id, username: nickname }),
  id: 'id',
  logoutKeepsToken: true, // it ends the refresh token
  routes: {
    'POST auth/wechat/': byCode({ json: { code: ':code' } }),
    'POST token/refresh/': refresh({ json: { refresh: ':refreshToken' } }, { gives: ({ token }) => ({ access: token }) }),
    'POST token/blacklist/': {
      kind: 'logout',
      wanted: { json: { refresh: ':refreshToken' } },
      work: ({ refreshToken }, { machine }) => {
        machine.dropRefresh(refreshToken)
        return {}
      },
    },
    'GET me/': me(),
  },
}

const simplejwtRotating = {
  ...simplejwt,
  dialect: 'simplejwt',
  routes: {
    ...simplejwt.routes,
    'POST token/refresh/': refresh({ json: { refresh: ':refreshToken' } }, { rotates: true }),
  },
}

const ofMsg = (code, msg, data) => ({ code, msg, data })
const unibest = {
  base: '',
  carried: [BEARER],
  lifeSeconds: 7200,
  ok: (data) => ofMsg(0, 'ok', data),
  refused: (text, why) => ofMsg(why.startsWith('refresh') ? 401 : 500, text),
  signedOut: () => ({ code: 401, msg: 'expired' }),
  session: ({ token, refreshToken }, seconds) =>
    ({ accessToken: token, refreshToken, accessExpiresIn: seconds, refreshExpiresIn: 2592000 }),
  user: ({ id, nickname }) => ({ userId: id, nickname }),
  id: 'userId',
  routes: {
    'POST auth/wxLogin': byCode({ json: { code: ':code' } }),
    'POST auth/refreshToken': refresh({ json: { refreshToken: ':refreshToken' } }, { rotates: true }),
    'GET auth/logout': logout(),
    'GET user/info': me(),
  },
}

// The template's other way: one token, the other number, the other name of the text, and "signed out" by status.
const { 'POST auth/refreshToken': _, ...unibestRoutes } = unibest.routes
const unibestSingle = {
  ...unibest,
  dialect: 'unibest',
  ok: (data) => ({ code: 200, message: 'ok', data }),
  refused: (text) => ({ code: 500, message: text }),
  signedOut: () => answer(401, { code: 401, message: 'expired' }),
  session: ({ token }, seconds) => ({ token, expiresIn: seconds }),
  routes: unibestRoutes,
}

const nideshop = {
  base: 'api/',
  carried: [{ header: 'x-nideshop-token' }],
  lifeSeconds: 7200,
  jwt: ['iat'],
  ok: (data) => ({ errno: 0, errmsg: '', data }),
  refused: (text) => ({ errno: 400, errmsg: text }),
  signedOut: () => ({ errno: 401, errmsg: 'sign in' }),
  session: ({ token, user }) => ({ token, userInfo: { id: user.id, nickname: user.nickname } }),
  id: 'id',
  routes: { 'POST auth/loginByWeixin': byCode({ json: { code: ':code', userInfo: {} } }) },
}

// X-WX-Encrypted-Data and X-WX-IV bring a profile, which WeChat gives no longer: they may be missing.
const wafer2 = {
  base: 'weapp/',
  carried: [{ header: 'x-wx-skey' }],
  lifeSeconds: 7200,
  ok: (data) => ({ code: 0, data }),
  refused: (text) => ({ code: 500, message: text }),
  signedOut: () => ({ code: -1, error: 'ERR_SKEY_INVALID' }),
  session: ({ token, user }) => ({ skey: token, userinfo: { openId: user.openid, nickName: user.nickname } }),
  id: 'openId',
  routes: { 'GET login': byCode({ header: { 'x-wx-code': ':code' } }) },
}

const wafer2ByStatus = {
  ...wafer2,
  dialect: 'wafer2',
  refused: (text) => ({ code: 500, error: text }),
  signedOut: () => answer(401, { code: -1, error: 'ERR_SKEY_INVALID' }),
}

const KEY = 'demo-key'
const md5 = (text) => createHash('md5').update(text).digest('hex')
const isFresh = (time, now) => Math.abs(now - time) < 60 * 1000

// The key itself, or for each request the time and md5 of time and key.
const hasKey = ({ header }, now) => {
  const [sign, time] = (header['x-lc-sign'] || '').split(',')
  return header['x-lc-key'] === KEY || (isFresh(Number(time), now) && sign === md5(time + KEY))
}

// Path, body and numbers are not read: the SDK makes the authData of a code.
const leancloud = {
  base: '',
  constant: { header: { 'x-lc-id': ':app' } },
  guard: (request, token, now) => (hasKey(request, now) ? undefined : 'request'),
  carried: [{ header: 'x-lc-session' }],
  lifeSeconds: 31536000,
  ok: (data) => data,
  refused: (text, why) => answer(why === 'request' ? 401 : 400, { code: why === 'request' ? 401 : 1, error: text }),
  signedOut: () => answer(401, { code: 0, error: 'not read' }),
  session: ({ token, user }) => ({ sessionToken: token, objectId: `5f${user.id}`, createdAt: 'x' }),
  id: 'objectId',
  routes: { 'POST 1.1/users': byCode({ json: { authData: { lc_weapp: { code: ':code' } } } }) },
}

export const others = {
  apifm,
  simplejwt,
  'simplejwt (rotating)': simplejwtRotating,
  unibest,
  'unibest (one token)': unibestSingle,
  nideshop,
  wafer2,
  'wafer2 (by status)': wafer2ByStatus,
  leancloud,
}
