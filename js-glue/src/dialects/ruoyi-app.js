/** RuoYi-App：开源版只有账号登录；微信登录的地址以自己的后端为准。 */
export const ruoyiApp = {
  success: { code: 200 },
  message: 'msg',
  login: { url: 'oauth/wx/login/miniapp/$code' },
  accountLogin: { url: 'login', send: '$account' },
  token: { scheme: 'Bearer ', header: 'Authorization', at: 'token' },
  user: { url: 'getInfo', at: 'user', id: 'userId' },
  signedOut: { code: 401 },
  logout: { url: 'logout' },
}
