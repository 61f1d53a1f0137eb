const { createLogin } = require('../libs/weapp-login/index.js')
const { clientOptions } = require('../config.js')

// One client for the whole app. It loads by itself.
module.exports = createLogin(clientOptions)
