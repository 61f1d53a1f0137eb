// The two storage keys of a tutorial's code. Old pages read the session there, and some write it: a page of an account's login, a
// logout. What compat has written itself is a copy of the session; what another has written is taken over.

export function createOldKeys(api, login) {
  let mirrored = false // whether the keys hold the session's token
  let copied // the user beside the token, as compat has written it

  /** Takes over what others have written. Reads one key, and the other only if something has changed. */
  async function read() {
    const token = stored('token')
    if (token === undefined) return // cannot be read now
    if (token && token !== tokenOf(login)) {
      mirrored = await login.takeOver({ token: String(token), userInfo: userBeside() })
    } else if (!token && mirrored && login.session && !stored('userInfo')) {
      mirrored = false
      await login.logout().catch(() => {}) // the page that has removed both keys has logged out
    } else {
      mirrored = Boolean(token)
    }
  }

  // A user that compat has written belongs to the token before.
  function userBeside() {
    const user = stored('userInfo')
    return typeof user === 'object' && JSON.stringify(user) !== copied ? user : undefined
  }

  /** Writes a copy of the session. What is done on the side must not fail what the page has asked for. */
  function write() {
    const { session } = login
    if (session && session.via === 'unknown') return // the keys are where it comes from
    mirrored = Boolean(session) && quietly(() => {
      copied = JSON.stringify(session.userInfo)
      api.setStorageSync('userInfo', session.userInfo)
      api.setStorageSync('token', tokenOf(login))
    })
    if (!mirrored) for (const key of ['userInfo', 'token']) quietly(() => api.removeStorageSync(key)) // both or none
  }

  // `undefined` if it cannot be read; WeChat gives '' for a missing key.
  function stored(key) {
    try {
      return api.getStorageSync(key) || ''
    } catch (error) {
      return undefined
    }
  }

  return { read, write }
}

function tokenOf(login) {
  return Object.values(login.authHeader())[0]
}

function quietly(work) {
  try {
    work()
    return true
  } catch (error) {
    return false
  }
}
