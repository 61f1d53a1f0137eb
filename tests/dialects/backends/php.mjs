// Backends in PHP, which take a form where JSON is usual and the other way round, unless a fact says else.
import {
  Answer, answer, bindPhone, byCode, byOther, byPhoneCode,
  byPhoneData, exchange, logout, me, refreshByToken,
} from '../language.mjs'

const BEARER = { header: 'authorization', scheme: 'Bearer ' }

const SIGNED_OUT_OF_CRMEB = { missing: 110002, ended: 110003, unknown: 110004 } // which is which is not known
const crmeb = {
  base: '',
  constant: { header: { 'form-type': 'routine' } }, // `Cb-lang` chooses a language, no more
  carried: [{ header: 'authori-zation', scheme: 'Bearer ' }, BEARER],
  lifeSeconds: 2592000,
  jwt: ['iat', 'exp'],
  ok: (data) => ({ status: 200, msg: 'ok', data }),
  refused: (text) => ({ status: 400, msg: text }),
  signedOut: (why) => ({ status: SIGNED_OUT_OF_CRMEB[why], msg: 'expired' }),
  session: ({ token, ends }) => ({ token, expires_time: Math.floor(ends / 1000), bindName: false }),
  user: ({ id, nickname }) => ({ uid: id, nickname }),
  id: 'uid',
  routes: {
    'GET api/v2/routine/auth_type': {
      ...exchange({ query: { code: ':code' } }, (user, machine) => ({ key: machine.newKey(user), bindPhone: Boolean(user.isNew) })),
      knowsNewcomers: true,
    },
    'GET api/v2/routine/auth_login': byOther('code', { query: { key: ':key' } }, ({ key }, machine) => machine.userOfKey(key)),
    'POST api/v2/routine/auth_binding_phone': byPhoneData(
      { body: { code: ':code', iv: ':iv', encryptedData: ':encryptedData', key: ':key' } },
      ({ key, code }, machine) => machine.redeem(code) && machine.userOfKey(key),
    ),
    'GET api/logout': logout(),
    'GET api/user': me(),
    'GET api/userinfo': me(),
  },
}

const ofShow = (code, msg, data) => ({ code, show: code === 0 ? 1 : 0, msg, data })

// Its tickets (X-Consume-Token) are off, as they are by default.
const likeshop = {
  base: '',
  carried: [{ header: 'token' }],
  lifeSeconds: 7200,
  ok: (data) => ofShow(1, 'ok', data),
  refused: (text) => ofShow(0, text, []),
  signedOut: () => ofShow(-1, 'sign in again', []),
  session: ({ token, user }) => ({ nickname: user.nickname, sn: String(1000 + user.id), token, is_new_user: 0 }),
  user: ({ id, nickname }) => ({ nickname, sn: String(1000 + id) }),
  id: 'sn', // the server takes the id out
  routes: {
    'POST api/account/silentLogin': byCode({ body: { code: ':code' } }, { newcomer: () => ofShow(1, 'ok', []) }),
    'POST api/account/authLogin': byOther('profile', { body: { code: ':code', nickname: ':nickname', headimgurl: ':picture' } },
      ({ code }, machine) => machine.redeem(code)),
    'POST api/account/logout': logout(),
    'GET api/user/info': me(),
  },
}

const likeadmin = {
  base: '',
  constant: { header: { version: ':version' } },
  carried: [{ header: 'token' }],
  lifeSeconds: 28800,
  ok: (data) => ofShow(1, '', data),
  refused: (text) => ofShow(0, text, []),
  signedOut: (why) => (why === 'missing' ? ofShow(0, '请求参数缺token', []) : ofShow(-1, 'expired', [])),
  session: ({ token, user }) => ({ id: user.id, nickname: user.nickname, token, is_new_user: 0 }),
  user: ({ id, nickname, phone }) => ({ id, nickname, mobile: phone }),
  id: 'id',
  routes: {
    'POST api/login/mnpLogin': byCode({ body: { code: ':code' } }),
    'POST api/user/getMobileByMnp': bindPhone({ body: { code: ':phoneCode' } }),
    'POST api/login/logout': logout(),
    'GET api/user/center': me(),
  },
}

const SIGNED_OUT_OF_NIUSHOP = { missing: -1, unknown: -10009, ended: -10010 }
const ofTimestamp = (code, message, data) => ({ code, message, data, timestamp: Math.floor(Date.now() / 1000) })
const niushop = {
  base: '',
  forms: true,
  constant: { param: { app_type: 'weapp' } },
  carried: [{ param: 'token' }],
  lifeSeconds: 172800,
  ok: (data) => ofTimestamp(0, 'ok', data),
  refused: (text) => ofTimestamp(-1, text, ''),
  signedOut: (why) => ofTimestamp(SIGNED_OUT_OF_NIUSHOP[why], 'expired', ''),
  session: ({ token }) => ({ token }),
  user: ({ id, nickname }) => ({ member_id: id, nickname }),
  id: 'member_id',
  // In the last five minutes, beside any answer.
  rolls: (body, { session, machine, now }) =>
    (session.ends - now() > 5 * 60 * 1000 ? body : { ...body, refreshtoken: machine.signIn(session.user).token }),
  routes: {
    'POST weapp/api/weapp/authcodetoopenid': exchange({ form: { code: ':code' } }, ({ openid }) => ({ openid })),
    'POST api/login/auth':
      byOther('code', { form: { weapp_openid: ':openid' } }, ({ openid }, machine) => machine.userOf(openid)),
    'POST api/member/info': me(),
  },
}

const ofMsg = (code, msg, data) => ({ code, msg, data })
const niucloud = {
  base: 'api/',
  constant: { header: { 'site-id': ':site', channel: 'weapp' } },
  carried: [{ header: 'token' }],
  lifeSeconds: 604800,
  jwt: ['iat', 'exp'],
  ok: (data) => ofMsg(1, 'ok', data),
  refused: (text) => ofMsg(0, text, []),
  signedOut: () => ofMsg(401, 'MUST_LOGIN', []),
  session: ({ token, ends }) => ({ token, expires_time: Math.floor(ends / 1000) }),
  user: ({ id, nickname, phone }) => ({ member_id: id, nickname, mobile: phone }),
  id: 'member_id',
  routes: {
    'POST weapp/login': byCode({ body: { code: ':code' } }, { newcomer: ({ openid }) => ofMsg(1, 'ok', { openid }) }),
    'POST weapp/register': byPhoneCode({ body: { openid: ':openid', mobile_code: ':phoneCode' } },
      ({ openid }, machine) => machine.userOf(openid)),
    'PUT auth/logout': logout(),
    'GET member/member': me(),
  },
}

const shopxo = {
  base: '',
  // The path is in the query. Whether a server without the device's `uuid` answers is not known; the client always sends one.
  pathOf: ({ path, query }) => (path === 'api.php' ? query.s : undefined),
  constant: { query: { application_client_type: ':type', uuid: ':uuid' } },
  carried: [{ query: 'token' }],
  lifeSeconds: 7200,
  ok: (data) => ofMsg(0, 'ok', data),
  refused: (text) => ofMsg(-1, text, ''),
  signedOut: () => ofMsg(-400, 'sign in', ''),
  session: ({ token, user }) => ({ id: user.id, token, nickname: user.nickname, is_user_exist: 1 }),
  id: 'id',
  routes: {
    'POST user/appminiuserauth': byCode({ body: { authcode: ':code' } }, {
      newcomer: ({ openid }) => ofMsg(0, 'ok', { openid, is_user_exist: 0 }),
    }),
    'POST user/appminionekeyusermobilebind': byPhoneCode({ body: { openid: ':openid', code: ':phoneCode' } },
      ({ openid }, machine) => machine.userOf(openid)),
    'POST safety/logout': logout(),
  },
}

// The routes are a project's own; the answers are the package's.
const laravelJwt = {
  base: '',
  carried: [BEARER],
  lifeSeconds: 3600,
  refreshEndsToken: true,
  jwt: ['iat', 'exp'],
  ok: (data) => data ?? {},
  refused: (text, why) => answer(why === 'blocked' ? 403 : 422, { message: text }),
  signedOut: () => answer(401, { message: 'Unauthenticated.' }),
  session: ({ token }, seconds) => ({ access_token: token, token_type: 'bearer', expires_in: seconds }),
  user: ({ id, nickname }) => ({ id, name: nickname }),
  id: 'id',
  routes: {
    'POST auth/wechat': byCode({ body: { code: ':code' } }),
    'POST auth/refresh': refreshByToken({ evenEnded: true }),
    'POST auth/logout': logout(),
    'POST auth/me': me(),
  },
}

const laravelRolling = {
  ...laravelJwt,
  dialect: 'laravel-jwt',
  // A token works once: the next one is in the header of the answer.
  rolls: (body, { session, machine }) => {
    if (!machine.accepts(session.token)) return body
    machine.drop(session)
    return new Answer(200, body, { Authorization: `Bearer ${machine.signIn(session.user).token}` })
  },
}

export const php = {
  crmeb,
  likeshop,
  likeadmin,
  niushop,
  niucloud,
  shopxo,
  'laravel-jwt': laravelJwt,
  'laravel-jwt (rolling)': laravelRolling,
}
