/** 黑马点评 hmdp：只有手机号登录：`loginByAccount({ username: 手机号, password: 短信验证码 })`。 */
export const hmdp = {
  success: { success: true },
  message: 'errorMsg',
  accountLogin: { url: 'user/login', send: { phone: '$username', code: '$password' } },
  token: { at: 'data', header: 'authorization' },
  user: { url: 'user/me', at: 'data' },
  signedOut: { $status: 401 },
  logout: { url: 'user/logout' },
}
