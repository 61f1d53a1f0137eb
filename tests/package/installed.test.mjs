// The package as npm installs it, and as WeChat's "build npm" lays it out after that.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { root } from './package-files.mjs'

let app

before(() => {
  app = mkdtempSync(join(tmpdir(), 'weapp-login-installed-'))
  const npm = (cwd, ...args) => execFileSync('npm', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
  const [{ filename }] = JSON.parse(npm(root, 'pack', '--json', '--workspace', 'js-glue', '--pack-destination', app))
  writeFileSync(join(app, 'package.json'), '{ "name": "app", "private": true }')
  npm(app, 'install', '--offline', '--no-audit', '--no-fund', `./${filename}`)
})

after(() => rmSync(app, { recursive: true }))

test('all entries can be required', () => {
  const require = createRequire(join(app, 'app.js'))
  assert.equal(typeof require('weapp-login').createLoginClient, 'function')
  assert.equal(typeof require('weapp-login/compat').createCompat, 'function')
  assert.equal(typeof require('weapp-login/guard').requireLogin, 'function')
  assert.equal(typeof require('weapp-login/no-wasm').createLoginClient, 'function')
  assert.equal(typeof require('weapp-login/testing').createPhone, 'function')
})

test('all entries can be imported, by the names of what they export', () => {
  const script = `
    import { AbortController, createLogin, createLoginClient, isLoginError } from 'weapp-login'
    import { createCompat } from 'weapp-login/compat'
    import { yudao } from 'weapp-login/dialects'
    import { litemall } from 'weapp-login/dialects/litemall'
    import { leaveLogin, requireLogin } from 'weapp-login/guard'
    import { createLogin as withoutWasm } from 'weapp-login/no-wasm'
    import { createPhone, explainDialect, held } from 'weapp-login/testing'
    import taro from 'weapp-login/taro'
    import { weappLogin } from 'weapp-login/vite'
    console.log([AbortController, createLogin, createLoginClient, isLoginError, createCompat, leaveLogin, requireLogin, withoutWasm, createPhone, explainDialect, held, taro, weappLogin]
      .concat(yudao.login && litemall.login ? [Object] : []).filter((each) => typeof each === 'function').length)`
  writeFileSync(join(app, 'app.mjs'), script)
  assert.equal(execFileSync(process.execPath, ['app.mjs'], { cwd: app, encoding: 'utf8' }).trim(), '14')
})

test('"build npm" copies the folder that `miniprogram` names: all entries are in it under their names', () => {
  const { miniprogram } = createRequire(join(app, 'app.js'))('weapp-login/package.json')
  const copy = join(app, 'miniprogram_npm/weapp-login')
  cpSync(join(app, 'node_modules/weapp-login', miniprogram), copy, { recursive: true })
  const require = createRequire(join(app, 'app.js'))
  assert.equal(typeof require(copy).createLoginClient, 'function')
  assert.equal(typeof require(`${copy}/compat`).createCompat, 'function')
  assert.equal(typeof require(`${copy}/no-wasm`).createLoginClient, 'function')
})
