// The recipes in the documentation, as they stand there: in a folder of their own, over the phone of `weapp-login/testing`.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { root } from './package-files.mjs'

const require = createRequire(import.meta.url)
const { BASE_URL, createPhone } = require('weapp-login/testing')

// Each block that begins with the name of a file, by that name.
const recipesIn = (doc) =>
  Array.from(readFileSync(join(root, 'docs', doc), 'utf8').matchAll(/```js\n\/\/ (\S+\.js)\n([^]*?)```/g), ([, name, code]) => [name, code])

const folders = []
const layRecipes = (doc) => {
  const folder = mkdtempSync(join(tmpdir(), 'weapp-login-recipes-'))
  folders.push(folder)
  mkdirSync(join(folder, 'node_modules'))
  symlinkSync(join(root, 'js-glue'), join(folder, 'node_modules/weapp-login'))
  for (const [name, code] of recipesIn(doc)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), code)
  }
  return folder
}
after(() => folders.forEach((folder) => rmSync(folder, { recursive: true })))

const { NODE_TEST_CONTEXT, ...env } = process.env
const run = (folder, ...args) => spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8', env })

describe('docs/testing.md', () => {
  test('the test of the cart passes, and fails if the app is broken', () => {
    const folder = layRecipes('testing.md')
    const { status, stdout } = run(folder, '--test', 'cart.test.js')
    assert.equal(status, 0, stdout)
    const broken = readFileSync(join(folder, 'cart.test.js'), 'utf8').replace("url: 'cart/index'", "url: 'cart/list'")
    writeFileSync(join(folder, 'broken.test.js'), broken)
    assert.notEqual(run(folder, '--test', 'broken.test.js').status, 0)
  })

  test('the hooks for jest and vitest do', () => {
    const folder = layRecipes('testing.md')
    writeFileSync(join(folder, 'hooks.test.js'), `
      const { test, beforeEach, afterEach } = require('node:test')
      const { BASE_URL, createPhone } = require('weapp-login/testing')
      const { createLoginClient } = require('weapp-login')
      ${readFileSync(join(folder, 'vitest.test.js'), 'utf8')}
      for (const n of [1, 2]) test('phone ' + n, async () => {
        const login = await createLoginClient({ baseUrl: BASE_URL })
        await login.ensureLogin()
        require('node:assert').equal(phone.count('login'), 1)
      })`)
    const { status, stdout } = run(folder, '--test', 'hooks.test.js')
    assert.equal(status, 0, stdout)
  })
})

test('docs/dialects.md: the explanation of a dialect', () => {
  const { status, stdout, stderr } = run(layRecipes('dialects.md'), 'explain.test.js')
  assert.equal(status, 0, stderr)
  assert.match(stdout, /✓ login[^]*✓ signedOut[^]*✓ request[^]*✓ refused/)
})

describe('docs/requests.md', () => {
  let phone, login, uninstall, recipe
  before(() => {
    const folder = layRecipes('requests.md')
    recipe = (name) => createRequire(join(folder, 'app.js'))(`./${name}`)
  })
  const onPhone = (name, work) =>
    test(name, async () => {
      phone = createPhone()
      uninstall = phone.install()
      try {
        login = await phone.createLoginClient({ baseUrl: BASE_URL })
        await login.ensureLogin()
        await work()
      } finally {
        uninstall()
      }
    })

  onPhone('a search that only wants its last result', async () => {
    const search = recipe('pages/search.js')(login)
    const first = assert.rejects(search('茶'), { code: 'aborted' })
    const second = search('茶杯')
    await first
    assert.equal((await second).data.sent.word, '茶杯')
  })

  const sockets = () => {
    const tasks = []
    phone.wx.connectSocket = ({ url, header }) => {
      const task = { url, header, closed: false, onMessage: (hear) => { task.tell = hear }, onClose: (hear) => { task.end = hear } }
      task.close = () => { task.closed = true }
      tasks.push(task)
      return task
    }
    return tasks
  }

  onPhone('a WebSocket: the token goes along; refused, it is renewed and connected once more, and no third time', async () => {
    const tasks = sockets()
    const heard = []
    await recipe('utils/socket.js')(login, { url: 'wss://api.example.com/ws', onMessage: (data) => heard.push(data) })
    tasks[0].tell({ data: 'hello' })
    assert.deepEqual([heard, tasks[0].header], [['hello'], { 'X-Litemall-Token': 'secret-token-1' }])
    await phone.clock.advance(3600 * 1000)
    phone.server.revokeAll()
    await tasks[0].end({ code: 4401 })
    assert.deepEqual([tasks.length, tasks[1].header], [2, { 'X-Litemall-Token': 'secret-token-2' }])
    await tasks[1].end({ code: 4401 })
    assert.equal(tasks.length, 2)
  })

  onPhone('a WebSocket: closed with the session', async () => {
    const tasks = sockets()
    await recipe('utils/socket.js')(login, { url: 'wss://api.example.com/ws', onMessage() {} })
    await login.logout()
    assert.equal(tasks[0].closed, true)
    await tasks[0].end({ code: 4401 })
    assert.equal(tasks.length, 1)
  })

  onPhone('cookies are kept and sent back', async () => {
    const requestWithCookies = recipe('utils/cookies.js')
    const { request } = phone.wx
    phone.wx.request = (options) => request(Object.assign({}, options, {
      success: (answer) => options.success(Object.assign(answer, { cookies: ['sid=a=b; Path=/', 'lang=zh; HttpOnly'] })),
    }))
    assert.equal((await requestWithCookies(login, { url: 'order/echo' })).errno, 0)
    phone.wx.request = request
    await requestWithCookies(login, { url: 'order/echo', header: { 'X-A': 'b' } })
    const { header } = phone.requests('order/echo')[1].options
    assert.deepEqual([header.Cookie, header['X-A']], ['sid=a=b; lang=zh', 'b'])
  })
})
