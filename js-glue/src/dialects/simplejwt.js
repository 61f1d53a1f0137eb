/** Django REST framework + SimpleJWT：登录、用户的地址以自己的后端为准。 */
export const simplejwt = {
  success: 'status',
  message: 'detail',
  login: { url: 'auth/wechat/', send: { code: '$code' } },
  token: { scheme: 'Bearer ', header: 'Authorization', at: 'access', refresh: 'refresh' },
  refresh: { url: 'token/refresh/', send: { refresh: '$refresh' } },
  user: { url: 'me/', at: '' },
  signedOut: { $status: 401 },
  logout: { url: 'token/blacklist/', send: { refresh: '$refresh' } },
}
