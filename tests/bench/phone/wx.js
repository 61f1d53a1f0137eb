// The tests' fake `wx`, with what its calls cost, and beside its backend's own dialect the one that wafer2-client-sdk speaks.
'use strict'

const { createFakeWx, BASE_URL } = require('../../../js-glue/testing/fake-wx.js')

const WAFER = 'wafer/'
const LOGIN = 'auth/login_by_weixin'
const STORAGE = ['getStorageSync', 'setStorageSync', 'removeStorageSync']
const OF_SOCKETS = ['onSocketOpen', 'onSocketMessage', 'onSocketError', 'onSocketClose']

// Counts the logins and the others that the backend is asked for.
const countExchanges = (server) => {
  const { handle } = server
  const exchanges = { logins: 0, others: 0 }
  server.handle = (request) => {
    if (request.path === LOGIN) exchanges.logins += 1
    else exchanges.others += 1
    const { body } = request
    return handle(typeof body === 'string' ? Object.assign(request, { body: JSON.parse(body) }) : request) // axios writes JSON itself
  }
  return exchanges
}

const speakWafer = (server) => {
  const { handle } = server
  const logIn = (header) => {
    const { data } = handle({ method: 'POST', path: LOGIN, body: { code: header['X-WX-Code'], userInfo: {} } }).json
    return { code: 0, data: { skey: data.token, userinfo: data.userInfo } }
  }
  const others = ({ method, path, header }) => {
    const token = header['X-WX-Skey']
    const { errno, data } = handle({ method, path: path.slice(WAFER.length), token, body: {} }).json
    return errno === 501 ? { code: -1 } : { code: 0, data }
  }
  server.handle = (request) => {
    if (!request.path.startsWith(WAFER)) return handle(request)
    return { json: request.path === `${WAFER}login` ? logIn(request.header) : others(request) }
  }
}

// `clock.soon` knows what answers from the bridge and from the network cost; a call of the storage costs `storage` ms.
const createWx = ({ clock, storage, stored }) => {
  const fake = createFakeWx({ clock, strict: false })
  const { wx, server } = fake
  const counts = {}
  // Numbers only, so that no record of the calls shows in the memory.
  fake.calls = { push: ({ api }) => { counts[api] = (counts[api] || 0) + 1 } }
  stored.forEach(([key, value]) => fake.store(key, value))
  STORAGE.forEach((name) => {
    const call = wx[name]
    wx[name] = (key, value) => {
      clock.spend(storage)
      return call(key, value)
    }
  })
  // wafer2-client-sdk listens for its tunnel as soon as it is loaded.
  OF_SOCKETS.forEach((name) => { wx[name] = () => {} })
  const exchanges = countExchanges(server)
  speakWafer(server)
  return {
    wx,
    counts,
    exchanges,
    bridgeCalls: () => Object.keys(counts).reduce((sum, name) => sum + counts[name], 0),
    revokeAll: server.revokeAll,
    stored: () => fake.storedKeys().map((key) => [key, fake.stored(key)]),
  }
}

module.exports = { createWx, BASE_URL }
