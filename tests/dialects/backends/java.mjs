// Backends in Java. What the facts leave open is answered as is usual there, and a comment says so.
import { createHash } from 'node:crypto'
import {
  answer, bindPhone, byAccount, byCode, byPhoneCode, byPhoneData,
  exchange, logout, me, refresh, refreshByToken,
} from '../language.mjs'
import { unsealed } from '../sealed.mjs'

const BEARER = { header: 'authorization', scheme: 'Bearer ' }
const ofMsg = (code, msg, data = null) => ({ code, msg, data })
const ofMessage = (code, message, data = null) => ({ code, message, data })

const yudao = {
  base: 'app-api/',
  // The client also sends `platform`, which only feeds statistics.
  constant: { header: { 'tenant-id': '1', terminal: '10' } },
  carried: [BEARER, { header: 'authorization' }, { query: 'token' }],
  lifeSeconds: 1800,
  ok: (data) => ofMsg(0, '', data),
  refused: (text, why) => ofMsg(why === 'refresh-ended' ? 401 : 400, text),
  signedOut: () => ofMsg(401, 'not signed in'),
  session: ({ user, token, refreshToken, ends }) =>
    ({ userId: user.id, accessToken: token, refreshToken, expiresTime: ends, openid: user.openid }),
  user: ({ id, nickname, phone }) => ({ id, nickname, mobile: phone }),
  id: 'id',
  routes: {
    'POST member/auth/social-login': byCode({ json: { type: 34, code: ':code', state: 'default' } }),
    'POST member/auth/weixin-mini-app-login':
      byPhoneCode({ json: { phoneCode: ':phoneCode', loginCode: ':code', state: ':state' } }),
    'PUT member/user/update-mobile-by-weixin': bindPhone({ json: { code: ':phoneCode' } }),
    'POST member/auth/refresh-token': refresh({ query: { refreshToken: ':refreshToken' } }, { dropsOld: true }),
    'POST member/auth/logout': logout(),
    'GET member/user/get': me(),
  },
}

// The answers of the first have their fields at the root.
const ruoyiApp = {
  base: '',
  carried: [BEARER],
  lifeSeconds: 1800,
  ok: (fields) => ({ code: 200, msg: 'ok', ...fields }),
  refused: (text) => ({ code: 500, msg: text }),
  signedOut: () => ofMsg(401, 'please sign in'),
  session: ({ token }) => ({ token }),
  user: ({ id, nickname }) => ({ user: { userId: id, nickName: nickname }, roles: [], permissions: [] }),
  id: 'userId',
  routes: {
    'POST oauth/wx/login/miniapp/:code': byCode(),
    // The captcha (`code` and `uuid`) can be switched off on the server, and is here.
    'POST login': byAccount({ json: { username: ':username', password: ':password' } }),
    'POST logout': logout(),
    'GET getInfo': me(),
  },
}

const CLIENT_ID = 'demo-client'
const ruoyiVuePlus = {
  base: '',
  carried: [BEARER],
  guard: ({ header }, token) => (token && header.clientid !== CLIENT_ID ? 'signed out' : undefined),
  lifeSeconds: 604800,
  ok: (data) => ofMsg(200, 'ok', data),
  refused: (text, why) => ofMsg(why === 'request' ? 403 : 500, text), // a body that is not encrypted: 403
  signedOut: () => ofMsg(401, 'no access'),
  session: ({ token }, seconds) => ({ access_token: token, refresh_token: null, expire_in: seconds, client_id: CLIENT_ID }),
  user: ({ id, nickname }) => ({ user: { userId: id, nickName: nickname } }),
  id: 'userId',
  routes: {
    'POST auth/login': {
      ...byCode({ json: { clientId: CLIENT_ID, grantType: 'xcx', tenantId: ':tenant', appid: ':appid', xcxCode: ':code' } }),
      reads: unsealed,
    },
    'POST auth/logout': logout(),
    'GET system/user/getInfo': me(),
  },
}

const jeecg = {
  base: '',
  constant: { header: { 'x-tenant-id': ':tenant' } },
  carried: [{ header: 'x-access-token' }, { query: 'token' }],
  lifeSeconds: 3600,
  ok: (result) => ({ success: true, message: '', code: 200, result, timestamp: Date.now() }),
  refused: (text) => ({ success: false, message: text, code: 500, result: null, timestamp: Date.now() }),
  signedOut: () => answer(401, { success: false, message: 'token gone', code: 401, result: null }),
  session: ({ token, user }) => ({ token, userInfo: { id: `u${user.id}`, username: user.openid } }),
  jwt: ['exp'],
  id: 'id',
  routes: {
    'POST sys/mLogin': byAccount({ json: { username: ':username', password: ':password' } }),
    'POST sys/logout': logout(),
  },
}

const jeecgOld = {
  ...jeecg,
  dialect: 'jeecg',
  signedOut: () => answer(500, { status: 500, message: 'Token失效，请重新登录' }),
}

const crmebJava = {
  base: '',
  carried: [{ header: 'authori-zation' }],
  lifeSeconds: 7200,
  ok: (data) => ofMessage(200, 'ok', data),
  refused: (text) => ofMessage(500, text),
  signedOut: () => ({ code: 401, message: 'sign in' }),
  session: ({ token, user }) => ({ type: 'login', token, uid: user.id, nikeName: user.nickname }),
  user: ({ id, nickname }) => ({ uid: id, nikeName: nickname }),
  id: 'uid',
  routes: {
    // Which fields of the body are needed is not known: there must be one.
    'POST api/front/wechat/authorize/program/login': byCode({ query: { code: ':code' }, json: {} }, {
      newcomer: (user, machine) => ofMessage(200, 'ok', { type: 'register', key: machine.newKey(user) }),
    }),
    'POST api/front/wechat/register/binding/phone': byPhoneData(
      { json: { key: ':key', code: ':code', encryptedData: ':encryptedData', iv: ':iv', type: 'routine' } },
      ({ key, code }, machine) => machine.redeem(code) && machine.userOfKey(key),
    ),
    'GET api/front/logout': logout(),
    'GET api/front/user': me(),
  },
}

const mall4j = {
  base: '',
  carried: [{ header: 'authorization' }],
  lifeSeconds: 2592000,
  refreshIsToken: true,
  ok: (data) => ofMsg('00000', 'ok', data),
  refused: (text) => ofMsg('A00001', null, text), // the text is in `msg` or in `data`; the rarer one is tried
  signedOut: () => ofMsg('A00004', 'Unauthorized'),
  session: ({ token, refreshToken }, seconds) => ({ accessToken: token, refreshToken, expiresIn: seconds }),
  user: ({ openid, nickname }) => ({ userId: openid, nickName: nickname }), // not read
  routes: {
    // The page encrypts the password; here it is compared as a text.
    'POST login': byAccount({ json: { userName: ':username', passWord: ':password' } }),
    'POST token/refresh': refresh({ json: { refreshToken: ':refreshToken' } }, { rotates: true, dropsOld: true }),
    'POST logOut': logout(),
    'GET p/user/userInfo': me(),
  },
}

const macrozhengMall = {
  base: '',
  constant: { header: { 'source-client': 'miniapp' } },
  carried: [BEARER],
  lifeSeconds: 604800,
  jwt: ['created', 'exp'],
  ok: (data) => ofMessage(200, 'ok', data),
  refused: (text) => ofMessage(404, text),
  signedOut: () => ofMessage(401, 'sign in'),
  session: ({ token }) => ({ token, tokenHead: 'Bearer ' }),
  user: ({ id, nickname }) => ({ id, nickname }),
  id: 'id',
  routes: {
    'POST sso/login': byAccount({ form: { username: ':username', password: ':password' } }),
    'GET sso/refreshToken': refreshByToken({ keepsForMs: 30 * 60 * 1000 }),
    'GET sso/info': me(),
  },
}

const youlaiBoot = {
  base: '',
  carried: [BEARER],
  lifeSeconds: 7200,
  ok: (data) => ofMsg('00000', 'ok', data),
  refused: (text, why) => (why.startsWith('refresh') ? answer(401, ofMsg('A0231', text)) : answer(400, ofMsg('A0400', text))),
  signedOut: () => answer(401, ofMsg('A0230', 'token invalid')),
  session: ({ token, refreshToken }, seconds) =>
    ({ accessToken: token, refreshToken, tokenType: 'Bearer', expiresIn: seconds, isNewUser: false, needBindMobile: false }),
  user: ({ id, nickname }) => ({ userId: id, nickname }), // not read
  routes: {
    'POST api/v1/wxma/auth/silent-login': byCode({ query: { code: ':code' } }, {
      newcomer: ({ openid }) => ofMsg('00000', 'ok', { isNewUser: true, needBindMobile: true, openid }),
    }),
    // bind-mobile takes the code of a text message, which no dialect sends by itself.
    'POST api/v1/wxma/auth/phone-login': byPhoneCode({ json: { loginCode: ':code', phoneCode: ':phoneCode' } }),
    'POST api/v1/auth/refresh-token': refresh({ param: { refreshToken: ':refreshToken' } }),
    'DELETE api/v1/auth/logout': logout(),
    'GET api/v1/users/me': me(),
  },
}

// auth-session gives nothing but the openid: whether it also knows users is not known. The server could refresh, but the answer
// of a login, as read, brings no refresh token.
const yshopDrink = {
  base: '',
  carried: [BEARER],
  lifeSeconds: 1800,
  ok: (data) => ofMsg(0, '', data),
  refused: (text) => ofMsg(400, text),
  signedOut: () => ofMsg(401, 'sign in'),
  session: ({ token, user }) => ({ accessToken: token, userInfo: { id: user.id, nickname: user.nickname } }),
  id: 'id',
  routes: {
    'POST member/auth/auth-session': {
      ...exchange({ json: { code: ':code' } }, ({ openid }) => ({ openId: openid })),
      knowsNewcomers: true,
    },
    'POST member/auth/auth-miniapp-login': byPhoneData(
      { json: { encryptedData: ':encryptedData', iv: ':iv', openid: ':openid' } },
      ({ openid }, machine) => machine.userOf(openid),
    ),
    'POST member/auth/logout': logout(),
  },
}

const md5 = (text) => createHash('md5').update(text).digest('hex')

const ofSuccess = (success, code, message, result) => ({ success, message, code, timestamp: Date.now(), result })
const lilishop = {
  base: '',
  constant: { header: { uuid: ':uuid' } },
  carried: [{ header: 'accesstoken' }],
  // That the server refuses a request without the signature is not known; a client that signs must do it right.
  guard: ({ query }, token) => (token && query.sign !== md5(`${query.nonce}${query.timestamp}${token}`) ? 'request' : undefined),
  lifeSeconds: 3600,
  jwt: ['exp'],
  ok: (result) => ofSuccess(true, 200, 'ok', result),
  refused: (text, why) => answer(400, ofSuccess(false, why.startsWith('refresh') ? 20004 : 400, text)),
  signedOut: () => answer(403, { success: false, code: 403, message: 'expired' }),
  session: ({ token, refreshToken }) => ({ accessToken: token, refreshToken }),
  user: ({ id, nickname }) => ({ id: String(id), nickName: nickname }),
  id: 'id',
  routes: {
    'GET passport/connect/miniProgram/auto-login':
      byPhoneData({ query: { code: ':code', encryptedData: ':encryptedData', iv: ':iv' } }),
    'GET passport/member/refresh/:refreshToken': refresh(undefined, { rotates: true }),
    'POST passport/member/logout': logout(),
    'GET passport/member': me(),
  },
}

const skyTakeOut = {
  base: '',
  carried: [{ header: 'authentication' }],
  lifeSeconds: 7200,
  jwt: ['exp'],
  ok: (data) => ofMsg(1, null, data),
  refused: (text) => ofMsg(0, text),
  signedOut: () => answer(401, ''),
  session: ({ token, user }) => ({ id: user.id, openid: user.openid, token }),
  id: 'id',
  routes: { 'POST user/user/login': byCode({ json: { code: ':code' } }) },
}

const hmdp = {
  base: '',
  carried: [{ header: 'authorization' }],
  lifeSeconds: 1800,
  ok: (data) => ({ success: true, errorMsg: null, data, total: null }),
  refused: (text) => ({ success: false, errorMsg: text, data: null, total: null }),
  signedOut: () => answer(401, ''),
  session: ({ token }) => token,
  user: ({ id, nickname }) => ({ id, nickName: nickname }),
  id: 'id',
  routes: {
    'POST user/login': byAccount({ json: { phone: ':username', code: ':password' } }),
    'POST user/logout': logout(),
    'GET user/me': me(),
  },
}

const renrenFast = {
  base: '',
  carried: [{ header: 'token' }, { query: 'token' }],
  lifeSeconds: 604800,
  jwt: ['iat', 'exp'],
  ok: (fields) => ({ code: 0, msg: 'success', ...fields }),
  refused: (text) => ({ code: 500, msg: text }),
  signedOut: () => ({ code: 401, msg: 'token expired' }), // its HTTP status is not known
  session: ({ token }, seconds) => ({ token, expire: seconds }),
  user: ({ id, nickname }) => ({ user: { userId: id, username: nickname } }),
  id: 'userId',
  routes: {
    'POST app/login': byAccount({ json: { mobile: ':username', password: ':password' } }),
    'GET app/userInfo': me(),
  },
}

// Its routes are each project's own.
const saToken = {
  base: '',
  carried: [{ header: 'satoken' }],
  lifeSeconds: 2592000,
  ok: (data) => ofMsg(200, 'ok', data),
  refused: (text) => ofMsg(500, text),
  signedOut: () => ofMsg(401, 'not signed in'),
  session: ({ token, user }, seconds) =>
    ({ tokenName: 'satoken', tokenValue: token, loginId: String(10000 + user.id), tokenTimeout: seconds }),
  id: 'loginId',
  routes: {
    'POST auth/wxLogin': byCode({ json: { code: ':code' } }),
    'POST auth/logout': logout(),
  },
}

const litemall = {
  base: 'wx/',
  carried: [{ header: 'x-litemall-token' }],
  lifeSeconds: 7200,
  jwt: ['iat', 'exp'],
  ok: (data) => ({ errno: 0, errmsg: 'ok', data }),
  refused: (text) => ({ errno: 402, errmsg: text }),
  signedOut: () => ({ errno: 501, errmsg: 'sign in' }),
  session: ({ token, user }) => ({ token, userInfo: { nickName: user.nickname } }), // no id of the user's
  routes: {
    'POST auth/login_by_weixin': byCode({ json: { code: ':code', userInfo: {} } }),
    'POST auth/bindPhone': bindPhone({ json: { encryptedData: ':encryptedData', iv: ':iv' } }),
    'POST auth/logout': logout(),
  },
}

export const java = {
  yudao,
  'ruoyi-app': ruoyiApp,
  'ruoyi-vue-plus': ruoyiVuePlus,
  jeecg,
  'jeecg (old)': jeecgOld,
  'crmeb-java': crmebJava,
  mall4j,
  'macrozheng-mall': macrozhengMall,
  'youlai-boot': youlaiBoot,
  'yshop-drink': yshopDrink,
  lilishop,
  'sky-take-out': skyTakeOut,
  hmdp,
  'renren-fast': renrenFast,
  'sa-token': saToken,
  litemall,
}
