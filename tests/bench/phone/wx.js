// A `wx` with modelled costs. It keeps no record of its calls but their numbers, so that it does not show in the memory.
'use strict'

const MAX_PARALLEL_REQUESTS = 10

exports.createWx = ({ clock, costs, exchange, storage }) => {
  const counts = {}
  const count = (name) => { counts[name] = (counts[name] || 0) + 1 }
  const waiting = []
  let codes = 0
  let running = 0

  const succeed = (options, result) => {
    if (options.success) options.success(result)
    if (options.complete) options.complete(result)
  }

  const asyncApi = (name, perform) => (options) => {
    count(name)
    clock.after(costs.bridge, () => succeed(options, perform(options)))
  }

  const syncApi = (name, perform) => (key, value) => {
    count(name)
    clock.spend(costs.storage)
    return perform(key, value)
  }

  const send = (options) => {
    running += 1
    clock.after(costs.bridge + costs.network, () => {
      running -= 1
      const answer = exchange(options)
      if (waiting.length > 0) send(waiting.shift())
      succeed(options, answer)
    })
  }

  const wx = {
    login: asyncApi('login', () => {
      codes += 1
      return { errMsg: 'login:ok', code: `code-${codes}` }
    }),
    checkSession: asyncApi('checkSession', () => ({ errMsg: 'checkSession:ok' })),
    navigateTo: asyncApi('navigateTo', () => ({ errMsg: 'navigateTo:ok' })),
    uploadFile: () => { throw new Error('nothing here uploads') },
    // wafer2-client-sdk listens for its tunnel as soon as it is loaded.
    onSocketOpen: () => {},
    onSocketMessage: () => {},
    onSocketError: () => {},
    onSocketClose: () => {},
    request: (options) => {
      count('request')
      if (running < MAX_PARALLEL_REQUESTS) send(options)
      else waiting.push(options)
    },
    getStorageSync: syncApi('getStorageSync', (key) => (storage.has(key) ? JSON.parse(storage.get(key)) : '')),
    setStorageSync: syncApi('setStorageSync', (key, value) => { storage.set(key, JSON.stringify(value)) }),
    removeStorageSync: syncApi('removeStorageSync', (key) => { storage.delete(key) }),
  }

  const bridgeCalls = () => Object.keys(counts).reduce((sum, name) => sum + counts[name], 0)
  return { wx, counts, bridgeCalls }
}
