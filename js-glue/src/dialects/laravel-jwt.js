/** Laravel + tymon/jwt-auth：地址以自己的后端为准。 */
export const laravelJwt = {
  success: 'status',
  message: 'message',
  login: { url: 'auth/wechat', send: { code: '$code' } },
  token: { scheme: 'Bearer ', header: 'Authorization', at: 'access_token' },
  expires: { at: 'expires_in', as: 'seconds' },
  refresh: { url: 'auth/refresh' },
  renewed: { header: 'Authorization' },
  user: { url: 'auth/me', method: 'POST', at: '' },
  signedOut: { $status: 401 },
  logout: { url: 'auth/logout' },
}
