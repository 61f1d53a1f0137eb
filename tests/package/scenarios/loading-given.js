// A module that cannot be loaded.
'use strict'

const LOAD_LIMIT_MS = 60 * 1000

const answersWith = (instantiate) => ({ phone }) => phone.setGlobals({ WXWebAssembly: { instantiate } })
const fileOf = (bytes) => ({ phone }) => phone.addFile(phone.wasmPath, bytes)

// What breaks it by its name. What takes its time is awaited after the creation has begun.
const brokenLoads = {
  'the wasm file is missing': ({ phone }) => phone.removeFile(phone.wasmPath),
  'the wasm file is empty': fileOf(new Uint8Array(0)),
  'the wasm file is cut off': (world) => fileOf(world.phone.wasmBytes().slice(0, 5000))(world),
  'the wasm file is another module': fileOf(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])),
  'there is no WXWebAssembly': ({ phone }) => phone.setGlobals({ WXWebAssembly: undefined }),
  'WXWebAssembly throws': answersWith(() => { throw new Error('broken engine') }),
  'WXWebAssembly fails with a plain object': answersWith(() => Promise.reject({ errMsg: 'instantiate:fail' })),
  'WXWebAssembly fails with nothing': answersWith(() => Promise.reject()),
  'WXWebAssembly resolves with nothing': answersWith(() => Promise.resolve()),
  'WXWebAssembly never answers': (world) => {
    answersWith(() => new Promise(() => {}))(world)
    return world.clock.advance(LOAD_LIMIT_MS)
  },
}

const repaired = (phone, wasm) => {
  phone.addFile(phone.wasmPath, wasm)
  phone.setGlobals({ WXWebAssembly: phone.WXWebAssembly })
}

module.exports = { brokenLoads, repaired }
