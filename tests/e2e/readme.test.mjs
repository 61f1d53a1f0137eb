// The page of both READMEs, as it stands there, against the running backend: over a fake `wx` whose requests are real ones, and in a browser.
import { strict as assert } from 'node:assert'
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { createHttpWx } from '../dialects/http-wx.mjs'
import { layPage, openPage, redirect } from '../package/docs.mjs'
import { dist } from '../package/package-files.mjs'
import { launchBrowser } from './lib/browser.mjs'
import { Demo } from './lib/demo.mjs'
import { startBackend, startPreview, TemporaryDatabase } from './lib/processes.mjs'

// What `wx.login` gives to a tourist in WeChat DevTools.
const TOURISTS_CODE = 'the code is a mock one'
const WRITTEN = 'http://127.0.0.1:8787/wx/'

let database, backend

before(async () => {
  database = new TemporaryDatabase()
  backend = await startBackend(database)
})

after(async () => {
  await backend?.stop()
  database?.remove()
})

/** A phone on which the address that stands in the README is the running backend's. */
const phoneOf = (backend) => {
  const running = new URL('wx/', backend.url).href
  const fake = createHttpWx({ baseUrl: running, otherUrl: running, machine: { newCode: () => TOURISTS_CODE } })
  redirect(fake, WRITTEN, running)
  return fake
}

for (const readme of ['README.md', 'README.zh-CN.md']) {
  describe(readme, () => {
    let folder, fake, page
    before(() => {
      folder = layPage(readme)
      fake = phoneOf(backend)
      globalThis.wx = fake.wx
      globalThis.WXWebAssembly = {
        instantiate: (path, imports) => WebAssembly.instantiate(readFileSync(dist(path.replace('/miniprogram_npm/weapp-login/', ''))), imports),
      }
      page = openPage(folder, 'pages/me/me.js')
    })
    after(() => {
      delete globalThis.wx
      delete globalThis.WXWebAssembly
      rmSync(folder, { recursive: true })
    })

    test('opened: silently signed in, with the user of the backend', async () => {
      await page.onLoad()
      assert.equal(page.data.state, 'signedIn')
      assert.equal(typeof page.data.user.userId, 'number')
      assert.equal(fake.count('login'), 1)
    })

    test('a logout, after which an opened page signs nobody in, and a tap does', async (t) => {
      t.mock.method(console, 'error', () => {})
      await page.onTapLogout()
      assert.deepEqual(page.data, { user: null, state: 'signedOut' })
      await page.onLoad()
      assert.deepEqual([page.data.state, fake.count('login')], ['signedOut', 1])
      await page.onTapLogin()
      assert.deepEqual([page.data.state, fake.count('login')], ['signedIn', 2])
    })

    test('without a network: failed, and well again afterwards', async (t) => {
      t.mock.method(console, 'error', () => {})
      fake.next('request', ({ fail }) => fail({ errMsg: 'request:fail', errno: 600001 }))
      await page.onLoad()
      assert.equal(page.data.state, 'failed')
      await page.onLoad()
      assert.equal(page.data.state, 'signedIn')
    })

    test('each tap of the template is for a function of the page, and nothing was done that wx refuses', () => {
      const wxml = readFileSync(join(folder, 'pages/me/me.wxml'), 'utf8')
      const taps = Array.from(wxml.matchAll(/bind:tap="(\w+)"/g), ([, name]) => name)
      assert.equal(taps.length, 3)
      for (const name of taps) assert.equal(typeof page[name], 'function')
      const states = Array.from(wxml.matchAll(/state === '(\w+)'/g), ([, state]) => state)
      assert.deepEqual(states, ['signedIn', 'signedOut', 'failed'])
      assert.deepEqual(fake.violations, [])
    })
  })
}

/** A mini-program with this page alone. The preview has no "build npm": the package is laid where it is required instead. */
const layMiniProgram = (readme) => {
  const folder = layPage(readme)
  const write = (file, text) => writeFileSync(join(folder, file), text)
  const asLaid = (file, path) => write(file, readFileSync(join(folder, file), 'utf8').replace("require('weapp-login')", `require('${path}')`))
  rmSync(join(folder, 'node_modules'), { recursive: true })
  cpSync(dist(''), join(folder, 'libs/weapp-login'), { recursive: true })
  cpSync(dist('weapp_login.wasm'), join(folder, 'miniprogram_npm/weapp-login/weapp_login.wasm'))
  asLaid('utils/login.js', '../libs/weapp-login/index.js')
  asLaid('pages/me/me.js', '../../libs/weapp-login/index.js')
  write('project.config.json', '{"appid":"touristappid"}')
  write('config.js', `module.exports = { baseUrl: '${WRITTEN}' }`) // where the preview looks for the address that it serves
  write('app.json', '{"pages":["pages/me/me"],"window":{"navigationBarTitleText":"README"}}')
  write('app.js', 'App({})')
  write('pages/me/me.json', '{}')
  return folder
}

describe('in a browser', () => {
  let browser
  before(async () => { browser = await launchBrowser() })
  after(() => browser?.close())

  for (const [readme, { signIn, signOut }] of Object.entries({
    'README.md': { signIn: 'Sign in with WeChat', signOut: 'Sign out' },
    'README.zh-CN.md': { signIn: '微信登录', signOut: '退出登录' },
  })) {
    test(`${readme}: opened, signed out and in again`, async () => {
      const folder = layMiniProgram(readme)
      const preview = await startPreview(backend.url, folder)
      try {
        const phone = await Demo.onNewPhone(browser, preview.url)
        const visit = async () => {
          await phone.open({ user: readme })
          await phone.button(signOut).click()
          await phone.button(signIn).click()
          await phone.button(signOut).waitFor()
        }
        await Promise.race([visit(), phone.trouble])
        assert.equal(phone.traffic.wxLogins(), 2)
      } finally {
        await preview.stop()
        rmSync(folder, { recursive: true })
      }
    })
  }
})
