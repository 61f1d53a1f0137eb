/** ShopXO：token 在地址里，会进服务器的日志。`params.uuid` 按自己的改。 */
export const shopxo = {
  params: { application_client_type: 'weixin', uuid: 'dev-1', ajax: 'ajax' },
  success: { code: 0 },
  message: 'msg',
  login: { url: 'api.php?s=user/appminiuserauth', send: { authcode: '$code' } },
  phoneLogin: {
    url: 'api.php?s=user/appminionekeyusermobilebind',
    send: { openid: '$unfinished.data.openid', code: '$phoneCode' },
  },
  token: { at: 'data.token', query: 'token' },
  user: { at: 'data' },
  signedOut: { code: -400 },
  unfinished: 'no-token',
  logout: { url: 'api.php?s=safety/logout' },
}
