// A module that cannot be loaded.
'use strict'

const LOAD_LIMIT_MS = 60 * 1000

const answersWith = (instantiate) => ({ phone }) => phone.setGlobals({ WXWebAssembly: { instantiate } })
const fileOf = (bytes) => ({ phone }) => phone.addFile(phone.wasmPath, bytes)

// The module and its glue know the build that they are of: a text of this kind.
const ofAnotherBuild = (wasm) => {
  const bytes = Uint8Array.from(wasm)
  const id = Array.from(wasm, (byte) => String.fromCharCode(byte)).join('').search(/build-[0-9a-f]{16}/)
  bytes[id + 6] = bytes[id + 6] === 48 ? 49 : 48 // '0' or '1'
  return bytes
}

// What the message says of it, where it is not the engine that has words for it.
const reasons = {
  'the wasm file is missing': /file not found/,
  'the wasm file is another module': /not the file that was built with this index\.js/,
  'the wasm file is of another build': /not the file that was built with this index\.js/,
  'there is no WXWebAssembly': /no WXWebAssembly; it needs base library 2\.13\.0/,
  'WXWebAssembly throws': /broken engine/,
  'WXWebAssembly fails with a plain object': /instantiate:fail/,
  'WXWebAssembly resolves with nothing': /gives no instance/,
  'WXWebAssembly never answers': /does not answer/,
}

// What breaks it by its name. What takes its time is awaited after the creation has begun.
const brokenLoads = {
  'the wasm file is missing': ({ phone }) => phone.removeFile(phone.wasmPath),
  'the wasm file is empty': fileOf(new Uint8Array(0)),
  'the wasm file is cut off': (world) => fileOf(world.phone.wasmBytes().slice(0, 5000))(world),
  'the wasm file is another module': fileOf(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])),
  'the wasm file is of another build': (world) => fileOf(ofAnotherBuild(world.phone.wasmBytes()))(world),
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

module.exports = { brokenLoads, reasons, repaired }
