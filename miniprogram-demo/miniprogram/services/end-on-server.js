const { baseUrl } = require('../config.js')
const { post, failure } = require('./backend.js')

/** Ends the session on the server alone, as another device would: `login` does not know. */
async function endOnServer(login) {
  const { data } = await post(`${baseUrl}auth/logout`, { header: login.authHeader() })
  if (!data || data.errno !== 0) throw failure('not_ended', 'the server did not end the session')
}

module.exports = { endOnServer }
