// The package on an iPhone whose WeChat has no WebAssembly.
import { testInJsc } from './jsc.mjs'

testInJsc({ wasm: false })
