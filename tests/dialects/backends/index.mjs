// How the backends speak, by their names: facts, written down without a look at any preset.
import { java } from './java.mjs'
import { others } from './others.mjs'
import { php } from './php.mjs'

export const backends = { ...java, ...php, ...others }
