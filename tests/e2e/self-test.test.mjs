// The demo's own test of a phone: what it finds, and that it leaves nothing behind.
import { strict as assert } from 'node:assert'
import { after, before, test } from 'node:test'
import { Stage } from './lib/stage.mjs'

const PATIENCE_MS = 60_000
const STORED = 'wx:weapp-login:http://127.0.0.1:8787/wx/'
const CHECKS = ['module', 'noWasm', 'storage', 'login', 'request', 'many', 'abort', 'logout']

const stage = new Stage()

before(() => stage.set())

after(() => stage.strike())

async function opened(user, prepare = () => {}) {
  const demo = await stage.phone()
  await prepare(demo.page)
  await demo.open({ user, page: 'pages/self-test/self-test' })
  return demo
}

const reportOf = (demo) => demo.top.locator('.report')

/** Runs the test to its end; gives the lines of the report by check. */
async function run(demo, button = '开始自检') {
  await demo.button(button).click()
  await reportOf(demo).waitFor({ timeout: PATIENCE_MS })
  const lines = (await reportOf(demo).innerText()).split('\n')
  return Object.fromEntries(CHECKS.map((name) => [name, lines.find((line) => new RegExp(`^\\w+ ${name} `).test(line))]))
}

function failed(lines) {
  return CHECKS.filter((name) => !lines[name].startsWith('passed '))
}

/** A phone whose requests to these paths are answered by `answer`. */
const answering = (pattern, answer) => (page) =>
  page.route('**/native/request', (route) => (pattern.test(route.request().postDataJSON().url) ? answer(route) : route.continue()))

test('passes here, and copies a report without a secret', async () => {
  const demo = await opened('healthy', (page) => page.context().grantPermissions(['clipboard-read', 'clipboard-write']))
  const answers = []
  demo.page.on('response', (response) => {
    if (/native\/(login|request)$/.test(response.url())) answers.push(response.json())
  })
  const lines = await run(demo)
  assert.deepEqual(failed(lines), [])
  assert.equal(await demo.top.locator('.summary').innerText(), '全部通过（wasm）。')
  assert.equal(demo.traffic.wxLogins(), 2, 'one to begin with, one for a hundred requests')

  await demo.button('复制报告').click()
  await demo.toasts('内容已复制')
  const copied = await demo.page.evaluate(() => navigator.clipboard.readText())
  assert.match(copied, /^weapp-login self-test\n.*\ndevice: devtools preview\n.*base library 3\.8\.12/s)
  const bodies = (await Promise.all(answers)).map(({ code, body }) => code ?? body)
  const secrets = bodies.flatMap((text) => [...text.matchAll(/[0-9a-f]{32,}/g)].map(([secret]) => secret))
  assert.ok(secrets.length >= 6, 'codes, tokens and refresh tokens have passed')
  for (const secret of secrets) assert.ok(!copied.includes(secret))

  // Once more, in the same run of the app.
  const again = await run(demo, '再检查一次')
  assert.deepEqual(failed(again), [])
  assert.match(again.module, /already in memory/)
})

test('leaves the visitor\'s session and the storage as they were', async () => {
  const demo = await stage.open('visitor')
  await demo.logInAs('访客')
  const stored = () => demo.page.evaluate(() => JSON.stringify(Object.entries(localStorage).sort()))
  const before = await stored()
  assert.ok(before.includes(STORED))
  await demo.top.getByText('自检').click()
  await demo.onPage('self-test').waitFor()
  assert.deepEqual(failed(await run(demo)), [])
  assert.equal(await stored(), before)
  await demo.page.getByLabel('返回', { exact: true }).click()
  demo.traffic.forget()
  await demo.openMe()
  await demo.button('刷新').click()
  await demo.toasts('资料已是最新')
  assert.equal(demo.traffic.wxLogins(), 0)
})

test('without the module no-wasm does the rest', async () => {
  const demo = await opened('no-module', (page) => page.route('**/*.wasm', (route) => route.fulfill({ status: 404 })))
  const lines = await run(demo)
  assert.deepEqual(failed(lines), ['module'])
  assert.match(lines.module, /^failed module \d+ ms \[wasm_load_failed\] /)
  assert.match(await reportOf(demo).innerText(), /^engine: no-wasm$/m)
  await demo.top.getByText('模块加载失败：确认包里有 .wasm').waitFor()
  await demo.top.getByText('有 1 项没有通过').waitFor()
})

test('without a network it says what needs one, and goes to its end', async () => {
  const demo = await opened('offline', (page) => page.route('**/native/*', (route) => route.abort()))
  assert.deepEqual(failed(await run(demo)), ['login', 'request', 'many', 'abort'])
  await demo.button('再检查一次').waitFor()
})

test('a request that fails among the hundred is found', async () => {
  let refusals = 0
  const demo = await opened('flaky', answering(/auth\/info$/, (route) => {
    refusals += 1
    return refusals === 60 ? route.abort() : route.continue()
  }))
  const lines = await run(demo)
  assert.deepEqual(failed(lines), ['many'])
  assert.match(lines.many, /\[network\] 1 of 100 requests have failed/)
})

test('a check that does not end is given up, and the others are made', async () => {
  let held
  const isHeld = new Promise((resolve) => {
    held = resolve
  })
  const demo = await opened('hanging', async (page) => {
    await page.clock.install()
    await answering(/auth\/logout$/, held)(page)
  })
  await demo.button('开始自检').click()
  await isHeld
  await demo.page.unroute('**/native/request')
  await demo.page.clock.fastForward(PATIENCE_MS)
  await reportOf(demo).waitFor()
  const report = await reportOf(demo).innerText()
  assert.match(report, /failed many \d+ ms \[deadline\] no end after 60 s/)
  assert.match(report, /passed abort .*\npassed logout /)
  await demo.top.getByText('超过时限还没有结束').waitFor()
})

test('a storage that fails is told', async () => {
  const demo = await opened('full', (page) => page.addInitScript(() => {
    const { setItem } = Storage.prototype
    Storage.prototype.setItem = function (key, text) {
      if (key.startsWith('wx:weapp-login-demo:self-test')) throw new Error('no space')
      setItem.call(this, key, text)
    }
  }))
  const lines = await run(demo)
  assert.deepEqual(failed(lines), ['storage', 'login', 'logout'])
  assert.match(lines.login, /\[not_stored\]/)
  assert.match(lines.logout, /\[storage_failed\]/)
})
