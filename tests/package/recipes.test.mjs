// The samples of the documentation, as they stand there: in a folder of their own, over the phone of `weapp-login/testing`.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { createHttpWx } from '../dialects/http-wx.mjs'
import { answers, startServer } from '../dialects/server.mjs'
import { layPage, openPage, pages, redirect, samplesOf } from './docs.mjs'
import { dist, root } from './package-files.mjs'

const require = createRequire(import.meta.url)
const { BASE_URL, createPhone } = require('weapp-login/testing')

const pageOf = new Map() // of the folders
const tried = new Set()
const layRecipes = (page, section) => {
  const folder = layPage(page, section)
  pageOf.set(folder, page)
  return folder
}
const isTried = (folder, name) => tried.add(`${pageOf.get(folder)}: ${name}`)
after(() => pageOf.forEach((_, folder) => rmSync(folder, { recursive: true })))

const { NODE_TEST_CONTEXT, ...env } = process.env
const run = (folder, ...args) => {
  isTried(folder, args.at(-1))
  return spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8', env })
}

describe('docs/testing.md', () => {
  test('the test of the cart passes, and fails if the app is broken', () => {
    const folder = layRecipes('docs/testing.md')
    const { status, stdout } = run(folder, '--test', 'cart.test.js')
    assert.equal(status, 0, stdout)
    const broken = readFileSync(join(folder, 'cart.test.js'), 'utf8').replace("url: 'cart/index'", "url: 'cart/list'")
    writeFileSync(join(folder, 'broken.test.js'), broken)
    assert.notEqual(run(folder, '--test', 'broken.test.js').status, 0)
  })

  test('the hooks for jest and vitest do', () => {
    const folder = layRecipes('docs/testing.md')
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
    isTried(folder, 'vitest.test.js')
    const { status, stdout } = run(folder, '--test', 'hooks.test.js')
    assert.equal(status, 0, stdout)
  })
})

test('docs/dialects.md: the explanation of a dialect', () => {
  const { status, stdout, stderr } = run(layRecipes('docs/dialects.md'), 'explain.test.js')
  assert.equal(status, 0, stderr)
  assert.match(stdout, /✓ login[^]*✓ signedOut[^]*✓ request[^]*✓ refused/)
})

const requireIn = (folder) => createRequire(join(folder, 'app.js'))

/** A test with a phone that is installed meanwhile. */
const withPhone = (name, work, options) =>
  test(name, async (t) => {
    const phone = createPhone(options)
    const uninstall = phone.install()
    try {
      await work(phone, t)
      assert.deepEqual(phone.violations, [])
    } finally {
      uninstall()
    }
  })

describe('docs/dialects.md', () => {
  let required
  before(() => { required = requireIn(layRecipes('docs/dialects.md')) })

  withPhone('a preset, with headers of the app', async (phone) => {
    const login = required('./utils/login.js')
    phone.server.handle = ({ path, header }) => {
      assert.deepEqual([header['tenant-id'], header.terminal], ['7', '10'])
      const data = path === 'member/user/get' ? { id: 7 } : { accessToken: 'secret-1', refreshToken: 'secret-2', expiresTime: 4102444800000 }
      return { json: { code: 0, msg: '', data } }
    }
    assert.equal((await login.ensureLogin()).userInfo.id, 7)
  }, { baseUrl: 'https://api.example.com/app-api/' })

  test('the example written by hand is the preset', () => {
    assert.deepEqual(required('./dialects/sky-take-out.js'), require('weapp-login/dialects/sky-take-out').skyTakeOut)
  })

  withPhone('two functions: a sealed login, and each request signed', async (phone) => {
    const functions = required('./dialects/functions.js')(({ code }) => ({ sealed: code.length }), () => 'signature')
    phone.server.next('auth/login', { json: { errno: 0, data: { token: 'secret-1', userInfo: { userId: 7 } } } })
    const login = await phone.createLoginClient({ baseUrl: BASE_URL, dialect: { ...require('weapp-login/dialects/reference').reference, ...functions } })
    await login.loginByWeixin()
    const [{ options }] = phone.calls.filter(({ api, options }) => api === 'request' && options.url.includes('auth/login'))
    assert.equal(typeof options.data.sealed, 'number')
    assert.equal(options.header['X-Sign'], 'signature')
    assert.match(options.url, /nonce=\d+/)
  })

  withPhone('a login in several steps', async (phone) => {
    const answers = {
      'api/v2/routine/auth_type': { key: 'key-1', bindPhone: false },
      'api/v2/routine/auth_login': { token: 'secret-1' },
      'api/userinfo': { uid: 7 },
    }
    phone.server.handle = ({ path }) => ({ json: { status: 200, msg: 'ok', data: answers[path] } })
    const login = await phone.createLoginClient({ baseUrl: BASE_URL, dialect: required('./dialects/crmeb.js') })
    await login.loginByWeixin()
    assert.deepEqual(login.authHeader(), { 'Authori-zation': 'Bearer secret-1' })
    assert.equal(login.session.userInfo.uid, 7)
  })
})

describe('docs/requests.md', () => {
  let phone, login, recipe
  before(() => {
    const required = requireIn(layRecipes('docs/requests.md'))
    recipe = (name) => required(`./${name}`)
  })
  const onPhone = (name, work) =>
    withPhone(name, async (its) => {
      phone = its
      login = await phone.createLoginClient({ baseUrl: BASE_URL })
      await login.ensureLogin()
      await work()
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

describe('docs/quick-start.md', () => {
  withPhone('the native mini-program: not signed in, a tap, and known from then on', async (phone) => {
    const folder = layRecipes('docs/quick-start.md', '原生')
    const page = openPage(folder, 'pages/index/index.js')
    await phone.clock.settle()
    assert.equal(page.data.name, '')
    const [, tap] = /bind:tap="(\w+)"/.exec(readFileSync(join(folder, 'pages/index/index.wxml'), 'utf8'))
    isTried(folder, 'pages/index/index.wxml')
    page[tap]()
    await phone.clock.settle()
    assert.notEqual(page.data.name, '')
  }, { baseUrl: 'http://127.0.0.1:8787/wx/' })
})

describe('docs/errors.md', () => {
  withPhone('each error has a toast, but what the app has done itself', async (phone) => {
    const folder = layRecipes('docs/errors.md')
    mkdirSync(join(folder, 'texts'))
    copyFileSync(join(root, 'miniprogram-demo/miniprogram/texts/errors.js'), join(folder, 'texts/errors.js'))
    const { showError } = requireIn(folder)('./utils/show-error.js')
    const shown = []
    phone.wx.showToast = ({ title }) => shown.push(title)
    const login = await phone.createLoginClient({ baseUrl: BASE_URL })
    await login.logout()
    await login.ensureLogin().catch(showError)
    await login.ensureLogin().catch((error) => showError(error, 'en'))
    phone.server.next('auth/login', { json: { errno: 777, errmsg: '今天不行' } })
    await login.loginByAccount({ username: 'lin', password: 'secret' }).catch(showError)
    showError({ code: 'aborted' })
    showError(new TypeError('of the page'))
    assert.deepEqual(shown, ['登录已过期，请重新登录', 'Your login has expired, please log in again', '今天不行', '出了点问题，请重试'])
  })
})

describe('docs/sign-in.md', () => {
  withPhone('a page that opens, a logout, and a tap', async (phone) => {
    const folder = layRecipes('docs/sign-in.md')
    mkdirSync(join(folder, 'utils'))
    writeFileSync(join(folder, 'utils/login.js'), `module.exports = require('weapp-login').createLogin({ baseUrl: '${BASE_URL}' })`)
    const login = requireIn(folder)('./utils/login.js')
    const page = openPage(folder, 'pages/orders/orders.js')
    await page.onLoad()
    assert.equal(login.session.via, 'weixin')
    await login.logout()
    await page.onLoad()
    assert.deepEqual([page.data.needLogin, login.session], [true, null])
    await page.onTapLogin()
    assert.equal(login.session.via, 'weixin')
  })
})

describe('docs/devtools.md', () => {
  withPhone('a server in the same network', async (phone, t) => {
    const warned = t.mock.method(console, 'warn', () => {})
    const login = requireIn(layRecipes('docs/devtools.md'))('./utils/login.js')
    await login.ensureLogin()
    assert.equal(login.session.via, 'weixin')
    assert.match(warned.mock.calls[0].arguments[0], /allowLan/)
  }, { baseUrl: 'http://192.168.1.5:8787/wx/' })
})

describe('docs/guard.md', () => {
  let phone, folder, login, stack
  const FRAMEWORKS = ['react', 'vue']
  const onPhone = (name, work) =>
    withPhone(name, async (its) => {
      phone = its
      folder = layRecipes('docs/guard.md')
      for (const name of FRAMEWORKS) symlinkSync(dirname(require.resolve(`${name}/package.json`)), join(folder, 'node_modules', name))
      mkdirSync(join(folder, 'utils'))
      writeFileSync(join(folder, 'utils/login.js'), `module.exports = require('weapp-login').createLogin({ baseUrl: '${BASE_URL}' })`)
      login = requireIn(folder)('./utils/login.js')
      try {
        await work()
      } finally {
        delete globalThis.getCurrentPages
      }
    })

  /** Opens the pages of the samples as `wx` asks for them, from the one at `url` on. */
  const navigate = (url) => {
    stack = []
    const open = (address) => {
      const [path, query = ''] = address.split('?')
      const page = Object.assign(openPage(folder, `${path.slice(1)}.js`), { route: path.slice(1), options: Object.fromEntries(new URLSearchParams(query)) })
      stack.push(page)
      return page.onLoad?.(page.options)
    }
    globalThis.getCurrentPages = () => stack
    phone.wx.navigateTo = ({ url, success }) => {
      open(url)
      success?.({})
    }
    phone.wx.navigateBack = ({ success }) => {
      stack.pop().onUnload?.()
      success({})
    }
    return open(url)
  }
  const routes = () => stack.map(({ route }) => route)

  onPhone('a page of an order: to the login page, and back to the same page, which has its order then', async () => {
    await login.logout()
    await navigate('/pages/order/order?id=7')
    const [order, page] = stack
    assert.deepEqual(routes(), ['pages/order/order', 'pages/login/login'])
    phone.server.next('order/7', { json: { errno: 0, data: { id: 7 } } })
    await page.onTapLogin()
    await phone.clock.settle()
    assert.deepEqual(routes(), ['pages/order/order'])
    assert.equal(stack[0], order)
    assert.deepEqual(order.data.order, { id: 7 })
    order.onUnload()
  })

  onPhone('a page of an order: who is signed in silently on the way there gets it by one request', async () => {
    phone.server.next('order/7', { json: { errno: 0, data: { id: 7 } } })
    await navigate('/pages/order/order?id=7')
    await phone.clock.settle()
    assert.deepEqual(routes(), ['pages/order/order'])
    assert.deepEqual(stack[0].data.order, { id: 7 })
    assert.equal(phone.calls.filter(({ api, options }) => api === 'request' && options.url.endsWith('order/7')).length, 1)
    stack[0].onUnload()
  })

  const TAP = { currentTarget: { dataset: { id: 7 } } }

  onPhone('a tap that wants an order: who is signed in is let in', async () => {
    await login.ensureLogin()
    await navigate('/pages/home/home')
    phone.server.next('order/7', { json: { errno: 0, data: { id: 7 } } })
    await stack[0].onTapOrder(TAP)
    await phone.clock.settle()
    assert.deepEqual(routes(), ['pages/home/home', 'pages/order/order'])
  })

  onPhone('a tap that wants an order: others go by way of the login page', async () => {
    await login.logout()
    await navigate('/pages/home/home')
    await stack[0].onTapOrder(TAP)
    assert.deepEqual(routes(), ['pages/home/home', 'pages/login/login'])
    assert.equal(stack[1].options.to, '/pages/order/order?id=7')
  })

  // A component that notes each session that it is drawn with, as `none`, `unknown` or how it began.
  const nameOf = (session) => (session ? session.via : session === null ? 'none' : 'unknown')

  // `step(work)` does what the framework needs around a change.
  const follows = async (mount, step = (work) => work()) => {
    const { onChange } = login
    let followed = 0
    login.onChange = (listener) => {
      const stop = onChange(listener)
      followed += 1
      return () => {
        followed -= 1
        stop()
      }
    }
    const seen = []
    let unmount
    const changes = [
      () => {
        unmount = mount((session) => seen.at(-1) === nameOf(session) || seen.push(nameOf(session)))
      },
      () => login.loginByWeixin(),
      () => login.logout(),
      () => unmount(),
    ]
    for (const change of changes) {
      await step(async () => {
        await change()
        await phone.clock.settle()
      })
    }
    assert.deepEqual(seen, ['unknown', 'none', 'weixin', 'none'])
    assert.equal(followed, 0)
  }

  onPhone('React follows the session, and stops', async () => {
    globalThis.IS_REACT_ACT_ENVIRONMENT = true
    const { createElement } = require('react')
    const { act, create } = require('react-test-renderer')
    const { useSession } = requireIn(folder)('./hooks/use-session.js')
    await follows((draw) => {
      const Component = () => {
        draw(useSession())
        return null
      }
      const root = create(createElement(Component))
      return () => root.unmount()
    }, act)
  })

  onPhone('Vue follows the session, and stops', async () => {
    const { createRenderer, h } = require('vue')
    const { useSession } = requireIn(folder)('./composables/use-session.js')
    const nothing = () => {}
    const node = () => ({})
    const { createApp } = createRenderer({
      createElement: node, createText: node, createComment: node, insert: nothing, remove: nothing, patchProp: nothing,
      setText: nothing, setElementText: nothing, parentNode: nothing, nextSibling: nothing,
    })
    await follows((draw) => {
      const app = createApp({
        setup() {
          const session = useSession()
          return () => {
            draw(session.value)
            return h('view')
          }
        },
      })
      app.mount({})
      return () => app.unmount()
    })
  })

  onPhone('a behavior follows the user, and stops', async () => {
    globalThis.Behavior = (definition) => definition
    try {
      const { data, lifetimes } = requireIn(folder)('./behaviors/session.js')
      const component = { data: { ...data }, setData(changes) { Object.assign(this.data, changes) } }
      lifetimes.attached.call(component)
      await login.loginByWeixin({ nickName: '小满' })
      assert.equal(component.data.user.nickName, '小满')
      await login.logout()
      assert.equal(component.data.user, null)
      lifetimes.detached.call(component)
      await login.loginByWeixin()
      await phone.clock.settle()
      assert.equal(component.data.user, null)
    } finally {
      delete globalThis.Behavior
    }
  })
})

describe('docs/compat.md', () => {
  withPhone('the two files of a tutorial', async (phone) => {
    const required = requireIn(layRecipes('docs/compat.md'))
    const user = required('./utils/user.js')
    const util = required('./utils/util.js')
    await assert.rejects(user.checkLogin(), (no) => no === false)
    assert.equal((await user.loginByWeixin({ nickName: '小满' })).errno, 0)
    assert.equal(await user.checkLogin(), true)
    assert.equal((await util.request(`${BASE_URL}auth/info`)).errno, 0)
    assert.equal(phone.stored('userInfo').nickName, '小满')
    phone.wx.showToast = ({ title }) => assert.equal(title, '微信登录失败')
    util.showErrorToast('微信登录失败')
  })

  withPhone('another dialect', async (phone) => {
    const { checkLogin } = requireIn(layRecipes('docs/compat.md'))('./utils/nideshop.js')
    await assert.rejects(checkLogin(), (no) => no === false)
  }, { baseUrl: 'https://api.example.com/api/' })
})

describe('docs/migration.md', () => {
  const API = 'https://api.example.com/'
  const onBackend = (name, backend, folder, work, path = '') =>
    test(name, async () => {
      const server = await startServer(backend)
      const fake = createHttpWx(server)
      redirect(fake, API + path, server.baseUrl)
      globalThis.uni = fake.wx
      globalThis.WXWebAssembly = { instantiate: (_, imports) => WebAssembly.instantiate(readFileSync(dist('weapp_login.wasm')), imports) }
      try {
        const laid = layRecipes('docs/migration.md')
        writeFileSync(join(laid, 'package.json'), '{"type":"module"}')
        const imported = (name) => {
          isTried(laid, name)
          return import(join(laid, name))
        }
        const { login } = await imported(`${folder}/login.js`)
        const { default: request } = await imported(`${folder}/request.js`)
        await work({ server, fake, login, request })
        assert.deepEqual([fake.violations, server.complaints], [[], []])
      } finally {
        delete globalThis.uni
        delete globalThis.getCurrentPages
        delete globalThis.WXWebAssembly
        await server.stop()
      }
    })

  onBackend('RuoYi: signed in by WeChat and by an account; the pages\' requests as before', 'ruoyi-app', 'ruoyi/utils', async ({ server, fake, login, request }) => {
    await login.loginByWeixin()
    assert.ok(login.session.userInfo.userId)
    assert.ok((await request({ url: '/getInfo' })).user)
    const sentTo = (path) => fake.calls.findLast(({ api, options }) => api === 'request' && options.url.includes(path)).options
    const shown = []
    fake.wx.showToast = ({ title }) => shown.push(title)
    let route = 'pages/work/index'
    globalThis.getCurrentPages = () => [{ route }]
    fake.wx.reLaunch = ({ url, complete }) => {
      shown.push(url)
      setTimeout(() => {
        route = url.slice(1)
        complete()
      })
    }
    server.next('user', answers(200, { code: 500, msg: '库存不足' }))
    await assert.rejects(request({ url: '/getInfo', params: { id: '1 2' } }), { code: 'rejected' })
    assert.ok(sentTo('getInfo').url.endsWith('getInfo?id=1%202'))

    server.machine.addAccount('lin', 'secret')
    await login.loginByAccount({ username: 'lin', password: 'secret', code: '7', uuid: 'captcha-1' })
    const { data } = sentTo('login')
    assert.deepEqual([login.session.via, data.code, data.uuid], ['account', '7', 'captcha-1'])
    await login.logout()
    const refused = () => assert.rejects(request({ url: '/getInfo', headers: { isToken: true } }), { code: 'signed_out' })
    await Promise.all([refused(), refused(), refused()])
    await refused() // a late one, on the login page
    assert.deepEqual(shown, ['库存不足', '/pages/login'])
    route = 'pages/work/index'
    await refused()
    assert.deepEqual(shown, ['库存不足', '/pages/login', '/pages/login'], 'a refusal after the login page was left opens it again')
  })

  onBackend('yudao: the token is renewed without a login', 'yudao', 'yudao', async ({ fake, login, request, server }) => {
    assert.equal((await request({ url: '/member/user/get', custom: { auth: true } })).code, 0)
    assert.equal(fake.count('login'), 1)
    server.machine.endTokens()
    server.setSkew(61 * 1000) // only a token that has been used for a while is believed to have ended
    const { now } = Date
    Date.now = () => now() + 61 * 1000
    try {
      assert.equal((await request({ url: '/member/user/get', params: { a: 1 } })).code, 0)
    } finally {
      Date.now = now
    }
    assert.deepEqual([fake.count('login'), server.count('refresh')], [1, 1])
  }, 'app-api/')
})

const COMPILED = 'is the file of js-glue/examples, which is built by the tool and run; docs.test.mjs compares them'
// How each sample of the documentation is tried where it is not run in this file.
const TRIED_ELSEWHERE = {
  'README.md': 'is run by tests/e2e/readme.test.mjs',
  'README.zh-CN.md': 'is run by tests/e2e/readme.test.mjs',
  'docs/quick-start.md: src/login.ts': COMPILED,
  'docs/quick-start.md: src/pages/index/index.ts': COMPILED,
  'docs/quick-start.md: src/pages/index/index.wxml': COMPILED,
  'docs/quick-start.md: config/index.js': COMPILED,
  'docs/quick-start.md: src/login.js': COMPILED,
  'docs/quick-start.md: src/pages/index/index.jsx': COMPILED,
  'docs/quick-start.md: vite.config.js': COMPILED,
  'docs/quick-start.md: src/pages/index/index.vue': COMPILED,
  'docs/api.md': 'is made of the types themselves',
  'docs/errors.md: utils/reason.ts': 'its types are checked by docs.test.mjs',
  'docs/migration.md: before/tutorial.js': 'what is replaced',
  'docs/migration.md: before/ruoyi.js': 'what is replaced',
  'docs/migration.md: before/yudao.js': 'what is replaced',
  'js-glue/README.md: const { createLogin } = require(\'weapp-login\')': 'a part of what docs/quick-start.md says whole',
  'js-glue/README.md: const login = await createLoginClient({': 'a part of what docs/quick-start.md says whole',
}
const OF_MINI_PROGRAMS = ['js', 'ts', 'jsx', 'tsx', 'vue', 'html', 'wxml']

test('each sample is run, or it is said why not', () => {
  pageOf.forEach((page, folder) => samplesOf(page).forEach(({ name }) => {
    if (name && join(folder, name) in require.cache) isTried(folder, name)
  }))
  const nameOf = ({ page, name, code }) => (page in TRIED_ELSEWHERE ? page : `${page}: ${name || code.split('\n')[0].split(' //')[0]}`)
  const samples = pages().flatMap(samplesOf).filter(({ language }) => OF_MINI_PROGRAMS.includes(language)).map(nameOf)
  const untried = samples.filter((name) => !tried.has(name) && !(name in TRIED_ELSEWHERE))
  assert.deepEqual(untried, [])
  const isOld = (name) => !samples.includes(name) && pages().includes(name.split(': ')[0])
  assert.deepEqual(Object.keys(TRIED_ELSEWHERE).filter(isOld), [])
})
