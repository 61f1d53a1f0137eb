// A client of ours, whichever entry creates it.
'use strict'

module.exports = (createLoginClient) => async ({ baseUrl, wasmPath }) => {
  const client = await createLoginClient({ baseUrl, wasmPath })
  return {
    checkLogin: () => client.checkLogin(),
    session: () => client.session,
    login: () => client.loginByWeixin({}),
    logout: () => client.logout(),
    request: (path) => client.request({ url: path }),
  }
}
