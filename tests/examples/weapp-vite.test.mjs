import { testExample } from './example.mjs'
import { tapNative } from './taps.mjs'

testExample('weapp-vite', { tap: tapNative })
