import { testExample } from './example.mjs'
import { tapTaro } from './taps.mjs'

testExample('taro-webpack', { tap: tapTaro })
