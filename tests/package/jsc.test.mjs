// The package on an iPhone.
import { testInJsc } from './jsc.mjs'

testInJsc({ wasm: true })
