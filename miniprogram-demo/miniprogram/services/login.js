const { createLogin } = require('../libs/weapp-login/index.js')
const { baseUrl, wasmPath } = require('../config.js')

// One client for the whole app. It loads by itself; what the server refuses rejects.
module.exports = createLogin({ baseUrl, wasmPath, refusals: 'reject' })
