// The page that draws the login sequence: it shows what happens, hides every secret, and leaves the visitor's session alone.
import { strict as assert } from 'node:assert'
import { after, before, test } from 'node:test'
import { FlowPage } from './lib/flow.mjs'
import { Stage } from './lib/stage.mjs'

const stage = new Stage()

before(() => stage.set())

after(() => stage.strike())

const ALL = (state) => Array.from({ length: 7 }, () => state)
const STORED = 'wx:weapp-login:http://127.0.0.1:8787/wx/'

async function opened(user) {
  const demo = await stage.open(user, { page: 'pages/flow/flow' })
  return new FlowPage(demo)
}

test('each step lights up when it happens', async () => {
  const flow = await opened('steps')
  assert.deepEqual(await flow.states(), ALL('idle'))

  const login = await flow.hold('/native/login')
  await flow.tap('登录并请求')
  const released = await login.arrived()
  await flow.hasStates(['running', ...ALL('idle').slice(1)])

  const exchange = await flow.hold('/native/request')
  released()
  const exchanged = await exchange.arrived()
  await flow.hasStates(['done', 'running', 'running', 'running', 'idle', 'idle', 'idle'])

  const business = await flow.hold('/native/request')
  exchanged()
  const answered = await business.arrived()
  await flow.hasStates([...ALL('done').slice(1), 'running'])

  answered()
  await flow.says(/^七步走完：wx\.login 调用了 1 次/)
  assert.deepEqual(await flow.states(), ALL('done'))
})

test('shows no secret', async () => {
  const flow = await opened('secrets')
  const answers = []
  flow.demo.page.on('response', async (response) => {
    if (response.url().includes('/native/')) answers.push(response.json())
  })
  await flow.tap('登录并请求')
  await flow.says(/^七步走完/)
  const [{ code }, exchange] = await Promise.all(answers)
  const { token, refreshToken } = JSON.parse(exchange.body).data
  const shown = await flow.demo.top.innerText()
  assert.match(shown, /\*\*\*/)
  for (const secret of [code, token, refreshToken]) {
    assert.ok(secret.length > 8)
    assert.ok(!shown.includes(secret), 'a secret is on the screen')
  }
})

test('a second request takes the first six steps from the cache', async () => {
  const flow = await opened('cached')
  await flow.tap('登录并请求')
  await flow.says(/^七步走完/)
  flow.demo.traffic.forget()
  await flow.tap('再请求一次')
  await flow.says(/^登录态还在/)
  assert.deepEqual(await flow.states(), [...ALL('cached').slice(1), 'done'])
  assert.equal(flow.demo.traffic.wxLogins(), 0)
})

test('an ended token, for one request and for twenty, costs one login', async () => {
  const flow = await opened('ended')
  for (const [button, sentence, requests] of [
    ['让 token 失效', /模块自动重新登录 1 次/, 1],
    ['20 个请求同时遇到失效', /只重新登录了 1 次，20 个请求各重发一次/, 20],
  ]) {
    await flow.tap('登录并请求')
    await flow.says(/^七步走完/)
    flow.demo.traffic.forget()
    await flow.tap(button)
    await flow.says(sentence)
    assert.equal(flow.demo.traffic.wxLogins(), 1)
    assert.equal(flow.demo.traffic.loginRequests(), 1)
    const tokens = flow.demo.traffic.requests('auth/info').map(({ header }) => header['x-litemall-token'])
    assert.equal(new Set(tokens).size, 2)
    assert.equal(tokens.filter((token) => token === tokens.at(-1)).length, requests, 'each is sent once more, with the new token')
    assert.deepEqual(await flow.states(), ALL('done'))
  }
})

test('a stale code is never sent again: a new one is', async () => {
  const flow = await opened('stale')
  await flow.tap('让 code 过期')
  await flow.says(/wx\.login 共 2 次/)
  const codes = flow.demo.traffic.requests('auth/login_by_weixin').map(({ body }) => JSON.parse(body).code)
  assert.equal(new Set(codes).size, 2)
})

test('a busy WeChat shows where the login has stopped, and signs nobody out', async () => {
  const flow = await opened('busy')
  await flow.tap('微信繁忙')
  await flow.says(/wechat_busy.*用户不会被退出/)
  assert.deepEqual(await flow.states(), ['done', 'done', 'failed', 'idle', 'idle', 'idle', 'idle'])
  await flow.tap('登录并请求')
  await flow.says(/^七步走完/) // WeChat is well again
})

test('a server that is down signs nobody out', async () => {
  const flow = await opened('down')
  await flow.tap('服务器断线')
  await flow.says(/network.*用户不会被退出/)
  assert.equal((await flow.states())[6], 'failed')
  flow.demo.traffic.forget()
  await flow.tap('再请求一次')
  await flow.says(/^登录态还在/)
  assert.equal(flow.demo.traffic.wxLogins(), 0)
})

test('a logout in mid-login wins', async () => {
  const flow = await opened('leaving')
  await flow.hold('/native/request') // the exchange: its answer never comes
  await flow.tap('登录途中退出')
  await flow.says(/^退出优先/)
  assert.equal(flow.demo.traffic.loginRequests(), 1)
  const states = await flow.states()
  assert.ok(!states.includes('running') && states.includes('failed'), states.join())
})

test('a storage that fails keeps nobody out', async () => {
  const flow = await opened('full')
  await flow.tap('缓存写满')
  await flow.says(/persisted: false/)
  assert.deepEqual(await flow.states(), [...ALL('done').slice(2), 'failed', 'done'])
})

test('what cannot be done because the backend is out of reach says so', async () => {
  const flow = await opened('out-of-reach')
  await flow.tap('登录并请求')
  await flow.says(/^七步走完/)
  await flow.demo.page.route('**/native/request', (route) => route.abort())
  await flow.tap('让 token 失效')
  await flow.says('与预期不同：network')
  assert.ok(!(await flow.states()).includes('running'))
})

test('a backend without a sandbox is said to have none', async () => {
  const flow = await opened('no-sandbox')
  await flow.demo.page.route('**/native/request', async (route) => {
    const { url } = route.request().postDataJSON()
    if (url.includes('/sandbox/')) await route.fulfill({ json: { statusCode: 404, header: {}, cookies: [], body: '' } })
    else await route.continue()
  })
  await flow.tap('微信繁忙')
  await flow.says(/^后端没有启用沙箱/)
})

test('the visitor\'s own session is untouched, whatever is done here', async () => {
  const demo = await stage.open('visitor')
  await demo.logInAs('访客')
  const stored = () => demo.page.evaluate((key) => localStorage.getItem(key), STORED)
  const before = await stored()
  assert.ok(before)
  await demo.top.getByText('登录流程').click()
  await demo.onPage('flow').waitFor()
  const flow = new FlowPage(demo)
  for (const [button, sentence] of [['让 token 失效', /^服务器不再接受/], ['登录途中退出', /^退出优先/]]) {
    await flow.tap(button)
    await flow.says(sentence)
  }
  await demo.page.getByLabel('返回', { exact: true }).click()
  await demo.member.waitFor()
  assert.equal(await stored(), before)
  demo.traffic.forget()
  await demo.openMe()
  await demo.button('刷新').click()
  await demo.toasts('资料已是最新')
  assert.equal(demo.traffic.wxLogins(), 0)
})
