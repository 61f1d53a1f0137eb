/** renren-fast：只有账号登录，用手机号。 */
export const renrenFast = {
  success: { code: 0 },
  message: 'msg',
  accountLogin: { url: 'app/login', send: { mobile: '$username', password: '$password' } },
  token: { at: 'token', header: 'token' },
  expires: { at: 'expire', as: 'seconds' },
  user: { url: 'app/userInfo', at: 'user', id: 'userId' },
  signedOut: { code: 401 },
}
