module.exports = {
  // On a phone this must be an https address that is listed as a request domain of the mini-program.
  baseUrl: 'http://127.0.0.1:8787/wx/',
  wasmPath: '/libs/weapp-login/weapp_login.wasm',
}
