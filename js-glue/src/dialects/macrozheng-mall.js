/** mall（macrozheng）：只有账号登录。 */
export const macrozhengMall = {
  headers: { 'source-client': 'miniapp' },
  success: { code: 200 },
  message: 'message',
  accountLogin: { url: 'sso/login', as: 'form', send: { username: '$username', password: '$password' } },
  token: { at: 'data.token', scheme: { at: 'data.tokenHead' }, header: 'Authorization' },
  refresh: { url: 'sso/refreshToken', method: 'GET' },
  user: { url: 'sso/info', at: 'data' },
  signedOut: { code: 401 },
}
