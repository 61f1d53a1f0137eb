// This module, as an app uses it.
'use strict'

const { createLoginClient } = require('weapp-login')

module.exports = require('./over.js')(createLoginClient)
