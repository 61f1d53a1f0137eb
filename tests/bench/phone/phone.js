// A phone for one subject: its clock, its `wx`, its backend, and what a script finds in the logic layer.
'use strict'

const { WRAPPER_PARAMETERS } = require('../../package/phone.js')
const { createFreeClock, createVirtualClock } = require('./clock.js')
const { createWx, BASE_URL } = require('./wx.js')

const MODELLED = { storage: 1, bridge: 2, network: 100 }
const FREE = { storage: 0, bridge: 0, network: 0 }
const WASM_PATH = '/libs/weapp-login/weapp_login.wasm'

// An `engine` is `{ global, WebAssembly, compile(source, parameters), startTurn(callback), now(), collectedHeap(),
// subject: { source, wasm } }`; `stored` is what an earlier start of the app has left in the storage.
const createPhone = (engine, { free = false, stored = [] } = {}) => {
  const costs = free ? FREE : MODELLED
  const clock = free ? createFreeClock(engine.startTurn) : createVirtualClock(engine.startTurn, costs)
  const device = createWx({ clock, storage: costs.storage, stored })
  const memories = []

  const instantiate = async (path, imports) => {
    const { instance } = await engine.WebAssembly.instantiate(engine.subject.wasm, imports)
    memories.push(Object.values(instance.exports).find(({ buffer }) => buffer))
    return instance
  }

  if (!free) engine.global.Date.now = clock.now
  Object.assign(engine.global, {
    wx: device.wx,
    WXWebAssembly: { instantiate },
    setTimeout: clock.setTimeout,
    clearTimeout: clock.clearTimeout,
    console: { error: () => {}, warn: () => {}, log: () => {} },
  })

  return Object.assign({
    clock,
    wasmBytes: () => memories.reduce((sum, memory) => sum + memory.buffer.byteLength, 0),

    // Evaluates the subject and creates its client, as a start of the app does.
    start: () => {
      const file = { exports: {} }
      engine.compile(engine.subject.source, WRAPPER_PARAMETERS)(undefined, file, file.exports)
      return file.exports({ baseUrl: BASE_URL, wasmPath: WASM_PATH })
    },

    // What `work` comes to; the clock runs meanwhile.
    outcome: async (work) => {
      await clock.run(work)
      return work
    },
  }, device)
}

module.exports = { MODELLED, createPhone }
