/** likeadmin PHP：没有 token 的请求，它按普通失败（code 0）回答，只能从文字认出来。 */
export const likeadmin = {
  headers: { version: '1.9.0' },
  success: { code: 1 },
  message: 'msg',
  login: { url: 'api/login/mnpLogin', send: { code: '$code' } },
  token: { at: 'data.token', header: 'token' },
  user: { at: 'data' },
  signedOut: [{ code: -1 }, { code: 0, msg: '请求参数缺token' }],
  bindPhone: { url: 'api/user/getMobileByMnp', send: { code: '$phoneCode' } },
  logout: { url: 'api/login/logout' },
}
