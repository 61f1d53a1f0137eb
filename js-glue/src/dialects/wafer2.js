/** wafer2（腾讯云开发套件） */
export const wafer2 = {
  success: { code: 0 },
  message: ['message', 'error'],
  login: { url: 'login', method: 'GET', header: { 'X-WX-Code': '$code' } },
  token: { at: 'data.skey', header: 'X-WX-Skey' },
  user: { at: 'data.userinfo', id: 'openId' },
  signedOut: [{ code: -1 }, { $status: 401 }],
}
