import { testExample } from './example.mjs'
import { tapUni } from './taps.mjs'

testExample('uni-app', { output: 'dist/build/mp-weixin', tap: tapUni })
