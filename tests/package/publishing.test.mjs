// What public tools say of the package as it would be published.
import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, before, test } from 'node:test'
import { root } from './package-files.mjs'

const require = createRequire(import.meta.url)
const PUBLINT = join(dirname(require.resolve('publint')), '../src/cli.js')
const ATTW = join(dirname(require.resolve('@arethetypeswrong/cli/package.json')), 'dist/index.js')

let folder, tarball

const pack = (from) => {
  const args = ['pack', from, '--json', '--pack-destination', folder]
  const [{ filename }] = JSON.parse(execFileSync('npm', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }))
  return join(folder, filename)
}

const run = (tool, ...args) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [tool, ...args], { cwd: folder, encoding: 'utf8' })
  return { status, text: stdout + stderr }
}
const publint = (path) => run(PUBLINT, 'run', path, '--strict')
const attw = (path) => run(ATTW, path, '--no-definitely-typed', '--no-color', '--no-emoji')

before(() => {
  folder = mkdtempSync(join(tmpdir(), 'weapp-login-published-'))
  tarball = pack('./js-glue')
})

after(() => rmSync(folder, { recursive: true }))

test('publint has nothing to say', () => {
  const { status, text } = publint(tarball)
  assert.equal(status, 0, text)
  assert.match(text, /All good!/)
})

test('the types are right, whoever imports them, and however', () => {
  const { status, text } = attw(tarball)
  assert.equal(status, 0, text)
  assert.match(text, /No problems found/)
})

test('would not pass with an entry whose types are not there', () => {
  const broken = join(folder, 'broken')
  execFileSync('mkdir', ['-p', broken])
  execFileSync('tar', ['-xzf', tarball, '-C', broken, '--strip-components=1'])
  const description = JSON.parse(readFileSync(join(broken, 'package.json'), 'utf8'))
  description.name = 'broken'
  description.exports['./compat'].types = './dist/nothing.d.ts'
  writeFileSync(join(broken, 'package.json'), JSON.stringify(description))
  const packed = pack(broken)
  assert.notEqual(publint(packed).status, 0)
  assert.notEqual(attw(packed).status, 0)
})
