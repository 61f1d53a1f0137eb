// The types of the built package, as a page uses them.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import { test } from 'node:test'
import { testsFolder } from './package-files.mjs'

const require = createRequire(import.meta.url)
const tsc = require.resolve('typescript/package.json').replace(/package\.json$/, 'bin/tsc')

const PAGES = ['types.ts', 'compat-types.ts'].map((file) => testsFolder + file)

const check = (...flags) => {
  const args = [tsc, '--noEmit', '--strict', '--ignoreConfig', ...flags, ...PAGES]
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' })
  assert.equal(status, 0, stdout + stderr)
}

test('a page that uses the package well compiles, and wrong uses are refused', () => {
  check('--module', 'nodenext', '--target', 'es2022', '--lib', 'esnext', '--types', '')
})

test('a project with the library of ES2017 alone can read the types', () => {
  check('--module', 'commonjs', '--target', 'es2017', '--lib', 'es2017', '--types', '')
})
