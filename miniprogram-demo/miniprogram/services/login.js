const { createLoginClient } = require('../libs/weapp-login/index.js')
const { baseUrl, wasmPath } = require('../config.js')

let sharedClient = null

// One client for the whole app. A failed start is forgotten, so that the next use tries again.
function loginClient() {
  if (!sharedClient) {
    sharedClient = createLoginClient({ baseUrl, wasmPath })
    sharedClient.catch(() => {
      sharedClient = null
    })
  }
  return sharedClient
}

function warmUp() {
  loginClient().catch(() => {})
}

/** The logged-in user, or null. */
async function currentUser() {
  const client = await loginClient()
  const loggedIn = await client.checkLogin().catch(() => false)
  return loggedIn && client.session ? client.session.userInfo : null
}

/** Logs in through WeChat; `profile` may be left out. */
async function logIn(profile) {
  const client = await loginClient()
  await client.loginByWeixin(profile)
}

async function logOut() {
  const client = await loginClient()
  await client.logout()
}

/** Uploads the temporary file of a chosen avatar and makes it the user's. */
async function saveAvatar(filePath) {
  const client = await loginClient()
  const { url } = dataOf(await client.upload({ url: 'storage/upload', filePath, name: 'file' }))
  await client.updateProfile({ avatarUrl: url })
}

/** The data of an answer; what a refusal means is decided here, since the client only knows "signed out". */
function dataOf({ errno, errmsg, data }) {
  if (errno !== 0) throw new Error(`refused with ${errno}: ${errmsg}`)
  return data
}

module.exports = { warmUp, currentUser, logIn, logOut, saveAvatar }
