const { createLoginClient } = require('../libs/weapp-login/index.js')
const { baseUrl, wasmPath } = require('../config.js')

let sharedClient = null
const userListeners = new Set()

// One client for the whole app. A failed start is forgotten, so that the next use tries again.
function loginClient() {
  if (!sharedClient) {
    sharedClient = createLoginClient({ baseUrl, wasmPath })
    sharedClient.then(
      (client) => client.onChange(tellUserListeners),
      () => {
        sharedClient = null
      },
    )
  }
  return sharedClient
}

function tellUserListeners({ session, reason }) {
  userListeners.forEach((listener) => listener(session ? session.userInfo : null, reason))
}

/**
 * Calls `listener(user, reason)` whenever somebody logs in, changes or logs out; `user` is null when nobody is logged in, and
 * `reason` is "refused" when that was not the user's wish. Returns what ends it.
 */
function onUserChange(listener) {
  userListeners.add(listener)
  return () => userListeners.delete(listener)
}

function warmUp() {
  loginClient().catch(() => {})
}

/** The logged-in user, or null. */
async function currentUser() {
  const client = await loginClient()
  const loggedIn = await client.checkLogin().catch(() => renew(client))
  return loggedIn && client.session ? client.session.userInfo : null
}

// A session that is over is renewed without a tap, where WeChat vouches for the user. Who has logged out has none.
function renew(client) {
  return client.session !== null && client.ensureLogin().then(() => true, () => false)
}

/** The user as the server knows it now. */
async function fetchUser() {
  const client = await loginClient()
  return dataOf(await client.request({ url: 'auth/info' }))
}

/** Logs in through WeChat; `profile` may be left out. */
async function logIn(profile) {
  const client = await loginClient()
  await client.loginByWeixin(profile)
}

async function logInWithAccount(account) {
  const client = await loginClient()
  await client.loginByAccount(account)
}

async function register(account) {
  const client = await loginClient()
  await client.register(account)
}

async function bindAccount(account) {
  const client = await loginClient()
  await client.bindAccount(account)
}

async function bindPhone(code) {
  const client = await loginClient()
  await client.bindPhone({ code })
}

async function rename(nickName) {
  const client = await loginClient()
  await client.updateProfile({ nickName })
}

/** Uploads the temporary file of a chosen avatar and makes it the user's. */
async function saveAvatar(filePath) {
  const client = await loginClient()
  const { url } = dataOf(await client.upload({ url: 'storage/upload', filePath, name: 'file' }))
  await client.updateProfile({ avatarUrl: url })
}

async function logOut() {
  const client = await loginClient()
  await client.logout()
}

// The client reads "signed out" from the answer to a request; any other refusal is ours to read.
function dataOf({ errno, errmsg, data }) {
  if (errno !== 0) throw new Error(`refused with ${errno}: ${errmsg}`)
  return data
}

module.exports = {
  onUserChange,
  warmUp,
  currentUser,
  fetchUser,
  logIn,
  logInWithAccount,
  register,
  bindAccount,
  bindPhone,
  rename,
  saveAvatar,
  logOut,
}
