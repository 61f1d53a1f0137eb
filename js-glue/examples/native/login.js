// 整个小程序共用一个客户端。One client for the whole app.
const { createLogin } = require('weapp-login')

module.exports = createLogin({
  baseUrl: 'http://127.0.0.1:8787/wx/', // 您的服务器 your server
  fallback: () => require('weapp-login/no-wasm'), // 没有 WebAssembly 的机型 where WebAssembly does not run
})
