/** CRMEB Java */
export const crmebJava = {
  success: { code: 200 },
  message: 'message',
  login: {
    url: 'api/front/wechat/authorize/program/login?code=$code',
    send: { nickName: '', avatar: '', sex: '0' },
  },
  phoneLogin: {
    url: 'api/front/wechat/register/binding/phone',
    send: {
      key: '$unfinished.data.key',
      code: '$code',
      encryptedData: '$encryptedData',
      iv: '$iv',
      type: 'routine',
    },
  },
  token: { at: 'data.token', header: 'Authori-zation' },
  user: { at: 'data', id: 'uid' },
  signedOut: { code: [410000, 410001, 410002, 401, 402] },
  unfinished: { 'data.type': ['register', 'start'] },
  logout: { url: 'api/front/logout', method: 'GET' },
}
