/** api工厂 apifm：token 在地址里；`hosts` 和退出地址里的子域名按自己的改。请求都是表单。 */
export const apifm = {
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
  hosts: ['https://common.apifm.com/demo/'],
  success: { code: 0 },
  message: 'msg',
  login: { url: 'user/wxapp/login', as: 'form', send: { code: '$code', type: '2' } },
  phoneLogin: {
    url: 'user/wxapp/login/mobile',
    as: 'form',
    send: { code: '$code', encryptedData: '$encryptedData', iv: '$iv' },
  },
  token: { at: 'data.token', query: 'token' },
  user: { at: 'data', id: 'uid' },
  signedOut: { code: 2000 },
  unfinished: { code: 10000 },
  bindPhone: { url: 'user/wxapp/bindMobile/v2', as: 'form', send: { code: '$phoneCode' } },
  logout: { url: 'https://common.apifm.com/demo/user/loginout', method: 'GET' },
}
