const login = require('./login.js')

/**
 * The logged-in user, or null if nobody is: who comes for the first time is logged in silently, who has logged out is not. Rejects if it
 * cannot be known.
 */
async function currentUser() {
  try {
    await login.ensureLogin()
  } catch (error) {
    if (error.needsUser || error.code === 'logged_out') return null
    if (!login.session) throw error
    // A session that could not be renewed, because there is no network, is one all the same.
  }
  return login.session ? login.session.userInfo : null
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
