// 整个小程序共用一个客户端。One client for the whole app.
import { createLogin } from 'weapp-login'
import * as noWasm from 'weapp-login/no-wasm' // uni-app 的 import() 和 require() 不能按需加载 npm 包 cannot load a package later

export const login = createLogin({
  baseUrl: 'http://127.0.0.1:8787/wx/', // 您的服务器 your server
  wx: uni,
  fallback: () => noWasm, // 没有 WebAssembly 的机型 where WebAssembly does not run
})
