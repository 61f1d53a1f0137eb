// What a user of the package gets from npm.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readFileSync, readdirSync } from 'node:fs'
import { test } from 'node:test'
import { root } from './package-files.mjs'

const presets = readdirSync(new URL('../../js-glue/src/dialects/', import.meta.url)).map((file) => file.replace(/\.js$/, '')).sort()

test('the tarball holds the built files, the kit for tests and what describes the package, and nothing else', () => {
  const output = execFileSync('npm', ['pack', '--dry-run', '--json', '--workspace', 'js-glue'], {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const paths = JSON.parse(output)[0].files.map(({ path }) => path)
  assert.deepEqual(paths.sort(), [
    'CHANGELOG.md',
    'LICENSE',
    'README.md',
    'brotli/weapp_login.wasm.br',
    'dist/compat.d.ts',
    'dist/compat.js',
    'dist/dialects.d.ts',
    'dist/dialects.js',
    ...presets.flatMap((name) => [`dist/dialects/${name}.d.ts`, `dist/dialects/${name}.js`]),
    'dist/guard.d.ts',
    'dist/guard.js',
    'dist/index.d.ts',
    'dist/index.js',
    'dist/no-wasm.d.ts',
    'dist/no-wasm.js',
    'dist/weapp_login.d.ts',
    'dist/weapp_login.wasm',
    'module-file.js',
    'package.json',
    'taro.d.ts',
    'taro.js',
    ...readdirSync(new URL('../../js-glue/testing/', import.meta.url)).map((file) => `testing/${file}`).sort(),
    'vite.d.ts',
    'vite.js',
  ])
})

test('the licence is the project\'s, and the changes begin with this version', () => {
  const read = (path) => readFileSync(`${root}${path}`, 'utf8')
  assert.equal(read('js-glue/LICENSE'), read('LICENSE'))
  const { version } = JSON.parse(read('js-glue/package.json'))
  assert.equal(/^## (.+)$/m.exec(read('js-glue/CHANGELOG.md'))[1], version)
})
