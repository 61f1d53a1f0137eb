// Where the module is in this package, and where in a mini-program the package looks for it: option `wasmPath` without the slash in front.
'use strict'

const { join } = require('path')

exports.MODULE = join(__dirname, 'dist/weapp_login.wasm')
exports.PLACE = 'miniprogram_npm/weapp-login/weapp_login.wasm'
