const login = require('./login.js')

/** The logged-in user, or null. */
async function currentUser() {
  const loggedIn = await login.checkLogin().catch(renew)
  return loggedIn && login.session ? login.session.userInfo : null
}

// A session that is over is renewed without a tap, where WeChat vouches for the user. Who has logged out has none.
async function renew() {
  if (login.session === null) return false
  try {
    await login.ensureLogin()
    return true
  } catch (error) {
    if (login.session === undefined) throw error // the module could not be loaded: nobody knows
    return false
  }
}

/** Calls `listener(user)` whenever somebody logs in, changes or logs out; `user` is null when nobody is logged in. */
function onUserChange(listener) {
  return login.onChange(({ session }) => listener(session ? session.userInfo : null))
}

/** The user as the server knows it now. */
async function fetchUser() {
  const { data } = await login.request({ url: 'auth/info' })
  return data
}

/** Uploads the temporary file of a chosen avatar and makes it the user's. */
async function saveAvatar(filePath) {
  const { data } = await login.upload({ url: 'storage/upload', filePath, name: 'file' })
  await login.updateProfile({ avatarUrl: data.url })
}

module.exports = { currentUser, onUserChange, fetchUser, saveAvatar }
