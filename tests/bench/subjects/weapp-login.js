// This module, as an app uses it.
'use strict'

const { createLoginClient } = require('weapp-login')

module.exports = async ({ baseUrl, wasmPath }) => {
  const client = await createLoginClient({ baseUrl, wasmPath })
  return {
    checkLogin: () => client.checkLogin(),
    session: () => client.session,
    login: () => client.loginByWeixin({}),
    logout: () => client.logout(),
    request: (path) => client.request({ url: path }),
  }
}
