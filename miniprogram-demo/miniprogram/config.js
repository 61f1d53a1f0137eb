// On a phone `baseUrl` must be an https address that is listed as a request domain of the mini-program.
const baseUrl = 'http://127.0.0.1:8787/wx/'

module.exports = {
  baseUrl,
  /** What each client of the demo is created with: what the server refuses rejects. */
  clientOptions: { baseUrl, wasmPath: '/libs/weapp-login/weapp_login.wasm', refusals: 'reject' },
}
