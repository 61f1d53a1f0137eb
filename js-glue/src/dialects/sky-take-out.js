/** 苍穹外卖 sky-take-out */
export const skyTakeOut = {
  success: { code: 1 },
  message: 'msg',
  login: { url: 'user/user/login', send: { code: '$code' } },
  token: { at: 'data.token', header: 'authentication' },
  user: { at: 'data' },
  signedOut: { $status: 401 },
}
