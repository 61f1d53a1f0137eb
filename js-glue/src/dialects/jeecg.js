/** JeecgBoot：只有账号登录。 */
export const jeecg = {
  headers: { 'X-Tenant-Id': '0' },
  success: { success: true },
  message: 'message',
  accountLogin: { url: 'sys/mLogin', send: { username: '$username', password: '$password' } },
  token: { at: 'result.token', header: 'X-Access-Token' },
  user: { at: 'result.userInfo' },
  signedOut: [{ $status: 401 }, { $status: 500, message: 'Token失效，请重新登录' }],
  logout: { url: 'sys/logout' },
}
