/** mall4j：只有账号登录；密码按它的要求先加密。 */
export const mall4j = {
  success: { code: ['00000', 'A00002'] },
  message: ['msg', 'data'],
  accountLogin: { url: 'login', send: { userName: '$username', passWord: '$password' } },
  token: { at: 'data.accessToken', header: 'Authorization', refresh: 'data.refreshToken' },
  expires: { at: 'data.expiresIn', as: 'seconds' },
  refresh: { url: 'token/refresh', send: { refreshToken: '$refresh' } },
  signedOut: { code: 'A00004' },
  logout: { url: 'logOut' },
}
