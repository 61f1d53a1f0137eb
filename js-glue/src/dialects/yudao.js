/** yudao / ruoyi-vue-pro：租户号 `tenant-id` 按自己的改。 */
export const yudao = {
  headers: { 'tenant-id': '1', terminal: '10' },
  success: { code: 0 },
  message: 'msg',
  login: { url: 'member/auth/social-login', send: { type: 34, code: '$code', state: 'default' } },
  phoneLogin: {
    url: 'member/auth/weixin-mini-app-login',
    send: { phoneCode: '$phoneCode', loginCode: '$code', state: 'default' },
  },
  token: {
    scheme: 'Bearer ',
    header: 'Authorization',
    at: 'data.accessToken',
    refresh: 'data.refreshToken',
  },
  expires: { at: 'data.expiresTime', as: 'epoch-ms' },
  refresh: { url: 'member/auth/refresh-token?refreshToken=$refresh' },
  user: { url: 'member/user/get', at: 'data' },
  signedOut: { code: 401 },
  bindPhone: { url: 'member/user/update-mobile-by-weixin', method: 'PUT', send: { code: '$phoneCode' } },
  logout: { url: 'member/auth/logout' },
}
