// Where the files are, of the built package and of these tests.
import { readFileSync, readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'

const require = createRequire(import.meta.url)

export const root = fileURLToPath(new URL('../../', import.meta.url))
export const testsFolder = fileURLToPath(new URL('./', import.meta.url))
export const dist = (name) => `${root}js-glue/dist/${name}`
export const scripts = () => readdirSync(dist('')).filter((name) => name.endsWith('.js'))
export const sources = () => Object.fromEntries(scripts().map((name) => [name, readText(dist(name))]))
export const scenarioNames = ({ wasm }) => require('./scenarios.js')
  .filter(({ ofWasm }) => wasm || !ofWasm)
  .map(({ name }) => name)
export const { WRAPPER_PARAMETERS } = require('./phone.js')

const texts = new Map()
export const readText = (path) => {
  if (!texts.has(path)) texts.set(path, readFileSync(path, 'utf8'))
  return texts.get(path)
}
