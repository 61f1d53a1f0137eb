/** Sa-Token：地址以自己的后端为准。 */
export const saToken = {
  success: { code: 200 },
  message: 'msg',
  login: { url: 'auth/wxLogin', send: { code: '$code' } },
  token: { at: 'data.tokenValue', header: 'satoken' },
  expires: { at: 'data.tokenTimeout' },
  user: { at: 'data', id: 'loginId' },
  signedOut: { code: 401 },
  logout: { url: 'auth/logout' },
}
