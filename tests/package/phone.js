// The logic layer of a phone, over an engine that has nothing but the language: what a script finds there, and no more.
'use strict'

const { createClock } = require('../../js-glue/testing/clock.js')
const { createFakeWx } = require('../../js-glue/testing/fake-wx.js')
const assert = require('./assert.js')

// WeChat runs every file as the body of a function with these parameters. All but the first three hide what a browser
// would have, and are undefined.
const WRAPPER_PARAMETERS = [
  'require', 'module', 'exports', 'window', 'top', 'document', 'frames', 'self', 'location', 'navigator', 'localStorage',
  'history', 'Caches', 'screen', 'alert', 'confirm', 'prompt', 'fetch', 'XMLHttpRequest', 'WebSocket', 'webkit',
  'WeixinJSCore', 'Reporter', 'print', 'URL', 'DOMParser', 'requestAnimationFrame', 'getComputedStyle', 'Node', 'upload',
  'preview', 'build', 'help', '__global', 'WeixinJSBridge',
]

// An `engine` is `{ global, WebAssembly, compile(source, parameters), startTimer(callback, ms), sources, wasmPath, wasm }`.
// `sources` are the scripts of the package by their names. Without `wasm` the phone has no WebAssembly, and the app uses the
// entry `no-wasm`, the drop-in as its fallback.
const createPhone = (engine, clock) => {
  const hasWasm = engine.wasm !== undefined
  const files = new Map([[engine.wasmPath, engine.wasm]])

  const instantiate = (path, imports) => {
    if (typeof path !== 'string') throw new TypeError('WXWebAssembly.instantiate: takes a path, and no bytes')
    if (!/^\/.+\.wasm(\.br)?$/.test(path)) throw new TypeError('WXWebAssembly.instantiate: not a path of the package')
    if (typeof imports !== 'object' || imports === null) throw new TypeError('WXWebAssembly.instantiate: needs imports')
    phone.instantiations += 1
    if (!files.has(path)) return Promise.reject(new Error('WXWebAssembly.instantiate: file not found'))
    return clock.during(engine.WebAssembly.instantiate(files.get(path), imports)).then(phone.shapeOfAnswer)
  }

  const evaluate = (name, others) => {
    const file = { exports: {} }
    const requireOther = (path) => {
      if (!others[path]) throw new Error(`module '${path}' is not defined`)
      return others[path]
    }
    engine.compile(engine.sources[name], WRAPPER_PARAMETERS)(requireOther, file, file.exports)
    return file.exports
  }

  const phone = {
    wasmPath: engine.wasmPath,
    instantiations: 0,
    WXWebAssembly: hasWasm ? { instantiate } : undefined,
    // What an app has to say where its options are else the same.
    optionsOfApp: () => Object.assign({ wasmPath: engine.wasmPath }, hasWasm ? {} : { fallback: phone.startNoWasm }),
    // Phones answer with the instance alone, DevTools with `{ instance, module }`.
    shapeOfAnswer: ({ instance }) => instance,
    addFile: (path, bytes) => files.set(path, bytes),
    removeFile: (path) => files.delete(path),
    wasmBytes: () => files.get(engine.wasmPath),

    setGlobals: (globals) => Object.assign(engine.global, globals),

    // Evaluates an entry as a start of the app does: nothing is left of an earlier evaluation.
    startIndex: () => evaluate('index.js', {}),
    startNoWasm: () => evaluate('no-wasm.js', {}),
    startModule: () => (hasWasm ? phone.startIndex() : phone.startNoWasm()),

    startGuard: () => evaluate('guard.js', {}),

    // The same for the drop-in, which needs the module beside it.
    startCompat: () => evaluate('compat.js', { './index.js': phone.startIndex() }),
  }

  Date.now = clock.now
  phone.setGlobals({
    WXWebAssembly: phone.WXWebAssembly,
    setTimeout: clock.setTimeout,
    clearTimeout: clock.clearTimeout,
    wx: undefined,
    getCurrentPages: undefined,
  })
  return phone
}

// Fails when nothing is left that `work` could still be waiting for.
const unlessStuck = (clock, work) => {
  const stuck = clock.standstill().then(() => { throw new Error('waits for something that never comes') })
  return Promise.race([work, stuck])
}

// Runs a scenario on a phone of its own.
const runScenario = async (engine, scenario) => {
  const clock = createClock(engine.startTimer)
  const phone = createPhone(engine, clock)
  const fakes = []
  await unlessStuck(clock, scenario.run({
    clock,
    phone,
    assert,
    createLoginClient: phone.startModule().createLoginClient,
    createFakeWx: () => {
      const fake = createFakeWx({ clock })
      fakes.push(fake)
      return fake
    },
  }))
  await clock.settle()
  fakes.forEach((fake) => assert.deepEqual(fake.violations, [], 'what the real wx would refuse'))
}

module.exports = { WRAPPER_PARAMETERS, runScenario }
