/** youlai-boot */
export const youlaiBoot = {
  success: { code: '00000' },
  message: 'msg',
  login: { url: 'api/v1/wxma/auth/silent-login?code=$code' },
  phoneLogin: { url: 'api/v1/wxma/auth/phone-login', send: { loginCode: '$code', phoneCode: '$phoneCode' } },
  token: {
    scheme: 'Bearer ',
    header: 'Authorization',
    at: 'data.accessToken',
    refresh: 'data.refreshToken',
  },
  expires: { at: 'data.expiresIn', as: 'seconds' },
  refresh: { url: 'api/v1/auth/refresh-token?refreshToken=$refresh' },
  user: { url: 'api/v1/users/me', at: 'data' },
  signedOut: [{ $status: 401 }, { code: 'A0230' }],
  unfinished: { 'data.needBindMobile': true },
  logout: { url: 'api/v1/auth/logout', method: 'DELETE' },
}
