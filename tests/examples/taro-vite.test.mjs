import { testExample } from './example.mjs'
import { tapTaro } from './taps.mjs'

testExample('taro-vite', { tap: tapTaro })
