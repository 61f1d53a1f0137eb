// Requests as they go over the wire to each backend, written by hand, for the test of the server alone.
import { createHash } from 'node:crypto'
import { sealed } from './sealed.mjs'

const FORM = 'application/x-www-form-urlencoded'

const plain = (method, path, header = {}) => ({ method, path, header })
const json = (method, path, value) =>
  ({ method, path, header: { 'Content-Type': 'application/json' }, body: JSON.stringify(value) })
const form = (method, path, fields) =>
  ({ method, path, header: { 'Content-Type': FORM }, body: new URLSearchParams(fields).toString() })

const inHeader = (name, scheme = '') => (token) => ({ header: { [name]: scheme + token } })
const inQuery = (name) => (token) => ({ query: { [name]: token } })
const bearer = inHeader('Authorization', 'Bearer ')

const md5 = (text) => createHash('md5').update(text).digest('hex')
const signed = (token) => ({
  header: { accessToken: token },
  query: { nonce: 'n', timestamp: '1', sign: md5(`n1${token}`) },
})

const PUBLIC_DATA = { clientId: 'demo-client', grantType: 'xcx', tenantId: '000000', appid: 'wx0' }
const encrypted = (code) => {
  const { body, header } = sealed({ ...PUBLIC_DATA, xcxCode: code })
  return { ...plain('POST', 'auth/login', { 'Content-Type': 'application/json', ...header }), body }
}

// `constant` goes into every request. `login` takes what the way of the login gives: a code, data of the phone button or an
// account. `token` finds the token in the answer, and `as` puts it into a request. `rotates`: a refresh token works once.
const withoutVariants = {
  yudao: {
    constant: { header: { 'tenant-id': '1', terminal: '10' } },
    login: ({ code }) => json('POST', 'member/auth/social-login', { type: 34, code, state: 'default' }),
    token: ({ data }) => data.accessToken,
    as: bearer,
    signedOut: { code: 401 },
    refresh: ({ data }) => plain('POST', `member/auth/refresh-token?refreshToken=${data.refreshToken}`),
    user: plain('GET', 'member/user/get'),
    logout: () => plain('POST', 'member/auth/logout'),
  },
  'ruoyi-app': {
    login: ({ code }) => plain('POST', `oauth/wx/login/miniapp/${code}`),
    token: ({ token }) => token,
    as: bearer,
    signedOut: { code: 401 },
    user: plain('GET', 'getInfo'),
    logout: () => plain('POST', 'logout'),
  },
  'ruoyi-vue-plus': {
    constant: { header: { clientid: 'demo-client' } },
    login: ({ code }) => encrypted(code),
    token: ({ data }) => data.access_token,
    as: bearer,
    signedOut: { code: 401 },
    user: plain('GET', 'system/user/getInfo'),
    logout: () => plain('POST', 'auth/logout'),
  },
  jeecg: {
    constant: { header: { 'X-Tenant-Id': '0' } },
    login: ({ account }) => json('POST', 'sys/mLogin', account),
    token: ({ result }) => result.token,
    as: inHeader('X-Access-Token'),
    signedOut: { $status: 401, code: 401 },
    logout: () => plain('POST', 'sys/logout'),
  },
  crmeb: {
    constant: { header: { 'Form-type': 'routine' } },
    exchange: ({ code }) => plain('GET', `api/v2/routine/auth_type?code=${code}`),
    login: ({ first }) => plain('GET', `api/v2/routine/auth_login?key=${first.data.key}`),
    token: ({ data }) => data.token,
    as: inHeader('Authori-zation', 'Bearer '),
    signedOut: { status: 110004 },
    user: plain('GET', 'api/userinfo'),
    logout: () => plain('GET', 'api/logout'),
  },
  'crmeb-java': {
    login: ({ code }) => json('POST', `api/front/wechat/authorize/program/login?code=${code}`, { nickName: '', avatar: '' }),
    token: ({ data }) => data.token,
    as: inHeader('Authori-zation'),
    signedOut: { code: 401 },
    user: plain('GET', 'api/front/user'),
    logout: () => plain('GET', 'api/front/logout'),
  },
  mall4j: {
    login: ({ account }) => json('POST', 'login', { userName: account.username, passWord: account.password }),
    token: ({ data }) => data.accessToken,
    as: inHeader('Authorization'),
    signedOut: { code: 'A00004' },
    rotates: true,
    refresh: ({ data }) => json('POST', 'token/refresh', { refreshToken: data.refreshToken }),
    user: plain('GET', 'p/user/userInfo'),
    logout: () => plain('POST', 'logOut'),
  },
  'macrozheng-mall': {
    constant: { header: { 'source-client': 'miniapp' } },
    login: ({ account }) => form('POST', 'sso/login', account),
    token: ({ data }) => data.token,
    as: bearer,
    signedOut: { code: 401 },
    refresh: ({ data }) => plain('GET', 'sso/refreshToken', { Authorization: data.tokenHead + data.token }),
    user: plain('GET', 'sso/info'),
  },
  'youlai-boot': {
    login: ({ code }) => plain('POST', `api/v1/wxma/auth/silent-login?code=${code}`),
    token: ({ data }) => data.accessToken,
    as: bearer,
    signedOut: { $status: 401, code: 'A0230' },
    refresh: ({ data }) => plain('POST', `api/v1/auth/refresh-token?refreshToken=${data.refreshToken}`),
    user: plain('GET', 'api/v1/users/me'),
    logout: () => plain('DELETE', 'api/v1/auth/logout'),
  },
  'yshop-drink': {
    exchange: ({ code }) => json('POST', 'member/auth/auth-session', { code }),
    login: ({ first, data }) => json('POST', 'member/auth/auth-miniapp-login', { ...data, openid: first.data.openId }),
    token: ({ data }) => data.accessToken,
    as: bearer,
    signedOut: { code: 401 },
    logout: () => plain('POST', 'member/auth/logout'),
  },
  lilishop: {
    constant: { header: { uuid: 'device-1' } },
    login: ({ code, data }) => plain('GET', `passport/connect/miniProgram/auto-login?${new URLSearchParams({ code, ...data })}`),
    token: ({ result }) => result.accessToken,
    as: signed,
    signedOut: { $status: 403, code: 403 },
    rotates: true,
    refresh: ({ result }) => plain('GET', `passport/member/refresh/${result.refreshToken}`),
    user: plain('GET', 'passport/member'),
    logout: () => plain('POST', 'passport/member/logout'),
  },
  'sky-take-out': {
    login: ({ code }) => json('POST', 'user/user/login', { code }),
    token: ({ data }) => data.token,
    as: inHeader('authentication'),
    signedOut: { $status: 401 },
  },
  hmdp: {
    login: ({ account }) => json('POST', 'user/login', { phone: account.username, code: account.password }),
    token: ({ data }) => data,
    as: inHeader('authorization'),
    signedOut: { $status: 401 },
    user: plain('GET', 'user/me'),
    logout: () => plain('POST', 'user/logout'),
  },
  'renren-fast': {
    login: ({ account }) => json('POST', 'app/login', { mobile: account.username, password: account.password }),
    token: ({ token }) => token,
    as: inHeader('token'),
    signedOut: { code: 401 },
    user: plain('GET', 'app/userInfo'),
  },
  'sa-token': {
    login: ({ code }) => json('POST', 'auth/wxLogin', { code }),
    token: ({ data }) => data.tokenValue,
    as: inHeader('satoken'),
    signedOut: { code: 401 },
    logout: () => plain('POST', 'auth/logout'),
  },
  litemall: {
    login: ({ code }) => json('POST', 'auth/login_by_weixin', { code, userInfo: {} }),
    token: ({ data }) => data.token,
    as: inHeader('X-Litemall-Token'),
    signedOut: { errno: 501 },
    logout: () => plain('POST', 'auth/logout'),
  },
  likeshop: {
    login: ({ code }) => json('POST', 'api/account/silentLogin', { code }),
    token: ({ data }) => data.token,
    as: inHeader('token'),
    signedOut: { code: -1 },
    user: plain('GET', 'api/user/info'),
    logout: () => plain('POST', 'api/account/logout'),
  },
  likeadmin: {
    constant: { header: { version: '1.9.0' } },
    login: ({ code }) => json('POST', 'api/login/mnpLogin', { code }),
    token: ({ data }) => data.token,
    as: inHeader('token'),
    signedOut: { code: -1 },
    user: plain('GET', 'api/user/center'),
    logout: () => plain('POST', 'api/login/logout'),
  },
  niushop: {
    constant: { query: { app_type: 'weapp' } },
    exchange: ({ code }) => form('POST', 'weapp/api/weapp/authcodetoopenid', { code }),
    login: ({ first }) => form('POST', 'api/login/auth', { weapp_openid: first.data.openid }),
    token: ({ data }) => data.token,
    as: inQuery('token'),
    signedOut: { code: -10009 },
    user: plain('POST', 'api/member/info'),
  },
  niucloud: {
    constant: { header: { 'site-id': '1', channel: 'weapp' } },
    login: ({ code }) => json('POST', 'weapp/login', { code }),
    token: ({ data }) => data.token,
    as: inHeader('token'),
    signedOut: { code: 401 },
    user: plain('GET', 'member/member'),
    logout: () => plain('PUT', 'auth/logout'),
  },
  shopxo: {
    constant: { query: { application_client_type: 'weixin', uuid: 'device-1' } },
    login: ({ code }) => json('POST', 'api.php?s=user/appminiuserauth', { authcode: code }),
    token: ({ data }) => data.token,
    as: inQuery('token'),
    signedOut: { code: -400 },
    logout: () => plain('POST', 'api.php?s=safety/logout'),
  },
  'laravel-jwt': {
    login: ({ code }) => json('POST', 'auth/wechat', { code }),
    token: (body) => body.access_token,
    as: bearer,
    signedOut: { $status: 401 },
    refresh: (body) => plain('POST', 'auth/refresh', { Authorization: `Bearer ${body.access_token}` }),
    user: plain('POST', 'auth/me'),
    logout: () => plain('POST', 'auth/logout'),
  },
  apifm: {
    login: ({ code }) => form('POST', 'user/wxapp/login', { code, type: '2' }),
    token: ({ data }) => data.token,
    as: inQuery('token'),
    signedOut: { code: 2000 },
    user: { ...plain('GET', 'user/detail'), isAtOther: true },
    logout: () => ({ ...plain('GET', 'user/loginout'), isAtOther: true }),
  },
  simplejwt: {
    login: ({ code }) => json('POST', 'auth/wechat/', { code }),
    token: ({ access }) => access,
    as: bearer,
    signedOut: { $status: 401, code: 'token_not_valid' },
    refresh: ({ refresh }) => json('POST', 'token/refresh/', { refresh }),
    user: plain('GET', 'me/'),
    logout: ({ refresh }) => json('POST', 'token/blacklist/', { refresh }),
  },
  unibest: {
    login: ({ code }) => json('POST', 'auth/wxLogin', { code }),
    token: ({ data }) => data.accessToken,
    as: bearer,
    signedOut: { code: 401 },
    rotates: true,
    refresh: ({ data }) => json('POST', 'auth/refreshToken', { refreshToken: data.refreshToken }),
    user: plain('GET', 'user/info'),
    logout: () => plain('GET', 'auth/logout'),
  },
  nideshop: {
    login: ({ code }) => json('POST', 'auth/loginByWeixin', { code, userInfo: {} }),
    token: ({ data }) => data.token,
    as: inHeader('X-Nideshop-Token'),
    signedOut: { errno: 401 },
  },
  wafer2: {
    login: ({ code }) => plain('GET', 'login', { 'X-WX-Code': code }),
    token: ({ data }) => data.skey,
    as: inHeader('X-WX-Skey'),
    signedOut: { code: -1 },
  },
  leancloud: {
    constant: { header: { 'X-LC-Id': 'demo', 'X-LC-Key': 'demo-key' } },
    login: ({ code }) => json('POST', '1.1/users', { authData: { lc_weapp: { code } } }),
    token: ({ sessionToken }) => sessionToken,
    as: inHeader('X-LC-Session'),
    signedOut: { $status: 401 },
  },
}

const { refresh: _, rotates: __, ...unibest } = withoutVariants.unibest

export const wire = {
  ...withoutVariants,
  'jeecg (old)': { ...withoutVariants.jeecg, signedOut: { $status: 500, message: 'Token失效，请重新登录' } },
  'laravel-jwt (rolling)': withoutVariants['laravel-jwt'],
  'simplejwt (rotating)': { ...withoutVariants.simplejwt, rotates: true },
  'unibest (one token)': { ...unibest, token: ({ data }) => data.token, signedOut: { $status: 401 } },
  'wafer2 (by status)': { ...withoutVariants.wafer2, signedOut: { $status: 401 } },
}
