/** unibest */
export const unibest = {
  success: { code: [0, 200] },
  message: ['msg', 'message'],
  login: { url: 'auth/wxLogin', send: { code: '$code' } },
  token: { scheme: 'Bearer ', header: 'Authorization', at: ['data.accessToken', 'data.token'] },
  expires: { at: ['data.accessExpiresIn', 'data.expiresIn'], as: 'seconds' },
  user: { url: 'user/info', at: 'data', id: 'userId' },
  signedOut: [{ $status: 401 }, { code: 401 }],
  logout: { url: 'auth/logout', method: 'GET' },
}
