// This module for engines without WebAssembly.
'use strict'

const { createLoginClient } = require('weapp-login/no-wasm')

module.exports = require('./over.js')(createLoginClient)
