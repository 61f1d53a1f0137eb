// Where the files are, of the built package and of these tests.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'

const require = createRequire(import.meta.url)

export const root = fileURLToPath(new URL('../../', import.meta.url))
export const testsFolder = fileURLToPath(new URL('./', import.meta.url))
export const dist = (name) => `${root}js-glue/dist/${name}`
export const moduleFile = () => dist('index.js')
export const scenarioNames = () => require('./scenarios.js').map(({ name }) => name)
export const { WRAPPER_PARAMETERS } = require('./phone.js')

const texts = new Map()
export const readText = (path) => {
  if (!texts.has(path)) texts.set(path, readFileSync(path, 'utf8'))
  return texts.get(path)
}
