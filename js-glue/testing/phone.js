// A phone for tests in Node: the fake `wx`, its server and its clock, and the package's module.
'use strict'

const { readFileSync } = require('fs')
const { join } = require('path')
const { createClock } = require('./clock.js')
const { createFakeWx } = require('./fake-wx.js')

const MODULE = join(__dirname, '../dist/weapp_login.wasm')

exports.createPhone = ({ baseUrl, strict } = {}) => {
  const clock = createClock(globalThis.setTimeout)
  const fake = createFakeWx({ clock, baseUrl, strict })

  // Whatever the path is: a phone has the module that was built with the glue.
  const instantiate = (path, imports) => clock.during(WebAssembly.instantiate(readFileSync(MODULE), imports))

  /** Puts `wx`, the module's loader and the clock in the place of the real ones, and gives what ends that. */
  const install = () => {
    const globals = {
      wx: fake.wx,
      WXWebAssembly: { instantiate },
      setTimeout: clock.setTimeout,
      clearTimeout: clock.clearTimeout,
    }
    const before = Object.keys(globals).map((name) => [name, Object.getOwnPropertyDescriptor(globalThis, name)])
    const { now } = Date
    Object.assign(globalThis, globals)
    Date.now = clock.now
    return () => {
      Date.now = now
      before.forEach(([name, own]) => {
        if (own) Object.defineProperty(globalThis, name, own)
        else delete globalThis[name]
      })
    }
  }

  return Object.assign(fake, {
    clock,
    install,
    /** The package's own, over this phone's `wx`. */
    createLoginClient: (options) => require('../dist/index.js').createLoginClient(Object.assign({ wx: fake.wx }, options)),
  })
}
