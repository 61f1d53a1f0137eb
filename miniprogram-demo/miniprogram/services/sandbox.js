// The controls of the reference backend's sandbox WeChat, which make it fail or let time pass.
const { baseUrl } = require('../config.js')
const { post, failure } = require('./backend.js')

const ORIGIN = baseUrl.split('/').slice(0, 3).join('/')

/** Rejects with the code `no_sandbox` where the backend has none. */
async function control(name, data) {
  const { statusCode } = await post(`${ORIGIN}/sandbox/control/${name}`, { data })
  if (statusCode !== 200) throw failure('no_sandbox', 'the backend has no sandbox')
}

module.exports = { control }
