/** niucloud：站点号 `site-id` 按自己的改。 */
export const niucloud = {
  headers: { 'site-id': '100000', channel: 'weapp' },
  success: { code: 1 },
  message: 'msg',
  login: { url: 'weapp/login', send: { code: '$code' } },
  phoneLogin: { url: 'weapp/register', send: { openid: '$unfinished.data.openid', mobile_code: '$phoneCode' } },
  token: { at: 'data.token', header: 'token' },
  expires: { at: 'data.expires_time', as: 'epoch-s' },
  user: { url: 'member/member', at: 'data', id: 'member_id' },
  signedOut: { code: 401 },
  unfinished: 'no-token',
  logout: { url: 'auth/logout', method: 'PUT' },
}
