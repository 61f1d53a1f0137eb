/** litemall */
export const litemall = {
  success: { errno: 0 },
  message: 'errmsg',
  login: { url: 'auth/login_by_weixin', send: { code: '$code', userInfo: '$userInfo' } },
  token: { at: 'data.token', header: 'X-Litemall-Token' },
  user: { at: 'data.userInfo' },
  signedOut: [{ errno: 501 }, { $status: 401 }],
  logout: { url: 'auth/logout' },
}
