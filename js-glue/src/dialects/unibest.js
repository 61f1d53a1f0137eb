/** unibest */
export const unibest = {
  success: { code: [0, 200] },
  message: ['msg', 'message'],
  login: { url: 'auth/wxLogin', send: { code: '$code' } },
  token: {
    scheme: 'Bearer ',
    header: 'Authorization',
    at: ['data.accessToken', 'data.token'],
    refresh: 'data.refreshToken',
  },
  expires: { at: ['data.accessExpiresIn', 'data.expiresIn'], as: 'seconds' },
  refresh: { url: 'auth/refreshToken', send: { refreshToken: '$refresh' } },
  user: { url: 'user/info', at: 'data', id: 'userId' },
  signedOut: [{ $status: 401 }, { code: 401 }],
  logout: { url: 'auth/logout', method: 'GET' },
}
