/** nideshop */
export const nideshop = {
  success: { errno: 0 },
  message: 'errmsg',
  login: { url: 'auth/loginByWeixin', send: { code: '$code', userInfo: '$userInfo' } },
  token: { at: 'data.token', header: 'X-Nideshop-Token' },
  user: { at: 'data.userInfo' },
  signedOut: { errno: 401 },
}
