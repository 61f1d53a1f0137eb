// What a signed-in user can do with the account, beside logging in and out.
const login = require('./login.js')

async function get(url) {
  const { data } = await login.request({ url })
  return data
}

async function post(url, body) {
  const { data } = await login.request({ url, method: 'POST', data: body })
  return data
}

/** The user's logins, the last used one first. */
const fetchDevices = () => get('auth/devices')

/** All that the server keeps of the user. */
const fetchExport = () => get('auth/export')

const logOutDevice = (id) => post('auth/logout_device', { id })

/** Ends the user's other logins, too. */
const changePassword = ({ oldPassword, newPassword }) => post('auth/password', { oldPassword, newPassword })

/** Sets a new password by the code of a phone button, for who has forgotten the old one. Gives the username of the account. */
async function resetPassword({ phoneCode, newPassword }) {
  // A login on the way, or after a refusal, would spoil the code.
  const { data } = await login.request({ url: 'auth/reset_password', method: 'POST', data: { phoneCode, newPassword }, auth: 'none' })
  return data.username
}

async function unbindWeixin() {
  await post('auth/unbind_weixin')
  await refreshUser()
}

async function unbindPhone() {
  await post('auth/unbind_phone')
  await refreshUser()
}

// A change of no field: the client takes over the user as the server knows it now, and every page follows.
const refreshUser = () => login.updateProfile({})

/** Ends every login of the user, this one included: here at once, and rejects if it is not known whether elsewhere, too. */
const logOutEverywhere = () => login.logout({ everywhere: true })

/** Cancels the account. The server has ended every login with it. */
async function cancelAccount() {
  await post('auth/cancel')
  await login.logout()
}

module.exports = {
  fetchDevices,
  fetchExport,
  logOutDevice,
  changePassword,
  resetPassword,
  unbindWeixin,
  unbindPhone,
  logOutEverywhere,
  cancelAccount,
}
