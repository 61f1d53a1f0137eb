// The two storage keys of a tutorial's code. Old pages read the session there, and some write it: a page of an account's login, a
// logout. What compat has written itself is a copy of the session; what another has written is taken over.

// A key that no page knows. If it is there without the two, a page has removed them; without it, the whole storage was cleared.
const MARK = 'weapp-login:compat'
const KEYS = [MARK, 'userInfo', 'token']

export function createOldKeys(api) {
  let login
  let known = true // whether the keys could be read last, and the client knows what they hold: nothing else is overwritten
  let seen // the token that was read or written last
  let newer = false // whether the session is newer than what the keys hold, whatever that is
  let due = true // whether the copy has to be written
  let offers = 0 // how many tokens the client is being given
  let mirrored = false // whether both keys hold a session, and the mark is there
  let copied // the user beside the token, as compat has written it

  /** Reads what others have written, for `client` from now on. */
  function start(client) {
    login = client
    return read()
  }

  // The client's `wx`. While the keys cannot be read somebody's session may be there: the client then cannot read either, so that it
  // signs nobody in silently.
  function readForClient(key) {
    if (known) return api.getStorageSync(key)
    Promise.resolve().then(read).catch(() => {})
    throw new Error('getStorageSync:fail the key `token` could not be read')
  }

  /** Takes over what others have written. Reads one key, and more only if something has changed. */
  async function read() {
    const token = storedToken()
    known = token !== undefined
    if (newer) seen = token
    known = known && (await heed(token))
    if (known && due) write()
  }

  // Whether the client knows what the keys hold.
  async function heed(token) {
    if (token === seen) return true
    if (!token && mirrored && login.session) return missing()
    if (token && !(await takeOver(token))) return false
    seen = token
    return true
  }

  async function takeOver(token) {
    offers += 1
    try {
      if (token === tokenOf(login)) return true
      const userInfo = stored('userInfo')
      if (userInfo === undefined) return false
      const offer = () => login.takeOver({ token, userInfo: isOfAnother(userInfo) ? userInfo : undefined })
      mirrored = await offer()
      if (!mirrored) {
        // It is known already; or the client could not read its own record, and what it finds there comes first.
        if (!(await isRead(login))) return false
        mirrored = await offer()
      }
      return due = true
    } finally {
      offers -= 1
    }
  }

  // A user that compat has written belongs to the token before.
  function isOfAnother(userInfo) {
    return typeof userInfo === 'object' && JSON.stringify(userInfo) !== copied
  }

  async function missing() {
    const userInfo = stored('userInfo')
    const mark = stored(MARK)
    if (userInfo === undefined || mark === undefined) return false
    if (userInfo) return true // not both
    seen = ''
    mirrored = false
    if (mark) await login.logout().catch(() => {}) // the page that has removed both keys has logged out
    else due = true
    return true
  }

  function changed({ reason }) {
    write(reason === 'logout')
  }

  function loggedOut(result) {
    write(true)
    return result
  }

  /** Writes a copy of the session. What is done on the side must not fail what the page has asked for. */
  function write(isLogout) {
    due = true
    if (offers) return // until it is known who is signed in
    const held = storedToken()
    if (!known || held === undefined) {
      known = false
      newer = newer || isLogout || seen === undefined
      return
    }
    if (held && held !== seen && !isLogout) return // a page has written it since: the next call takes it over
    due = newer = false
    const { session } = login
    const isOfPage = session && session.via === 'unknown' && held // then the keys are where it comes from
    const token = tokenOf(login)
    mirrored = Boolean(session) && quietly(() => {
      api.setStorageSync(MARK, 1)
      if (isOfPage) return
      copied = JSON.stringify(session.userInfo)
      api.setStorageSync('userInfo', session.userInfo)
      api.setStorageSync('token', token)
    })
    if (isOfPage) return
    seen = mirrored ? token : ''
    if (!mirrored) for (const key of KEYS) quietly(() => api.removeStorageSync(key)) // all or none
  }

  function storedToken() {
    const token = stored('token')
    return token && String(token)
  }

  // `undefined` if it cannot be read; WeChat gives '' for a missing key.
  function stored(key) {
    try {
      return api.getStorageSync(key) || ''
    } catch (error) {
      return undefined
    }
  }

  const isObject = typeof api === 'object' && api !== null
  return { wx: isObject ? Object.create(api, { getStorageSync: { value: readForClient } }) : api, start, read, changed, loggedOut }
}

// Whether the client could read its own record.
function isRead(login) {
  return login.ensureLogin({ mode: 'cached' }).then(() => true, ({ code }) => code === 'signed_out')
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
