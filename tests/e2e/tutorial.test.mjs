// The login page of a tutorial, on the compat entry, beside the pages of a new project.
import { strict as assert } from 'node:assert'
import { after, before, test } from 'node:test'
import { OLD_BASE_LIBRARY, tapTwice } from './lib/demo.mjs'
import { Stage } from './lib/stage.mjs'

const PAGE = 'pages/auth/login/login'
// Before it WeChat has no wx.getUserProfile.
const FIRST_BASE_LIBRARY = '2.10.3'

const stage = new Stage()

before(() => stage.set())

after(() => stage.strike())

/** The page as the first of the app, so that it goes on to the home page. */
const opened = (user, options) => stage.open(user, { page: PAGE, ...options })

const storedKeys = (demo) =>
  demo.page.evaluate(() => ['token', 'userInfo'].filter((key) => JSON.parse(localStorage.getItem(`wx:${key}`) ?? 'null')))

test('where WeChat still gives a real profile, the login takes it, and the other pages know the user', async () => {
  const demo = await opened('from-tutorial', { sdk: OLD_BASE_LIBRARY })
  await tapTwice(demo.button('微信直接登录'))
  await demo.choice('允许').click()
  await demo.member.waitFor()
  assert.equal(await demo.member.innerText(), '小满')
  assert.equal(demo.traffic.loginRequests(), 1)
  assert.deepEqual(await storedKeys(demo), ['token', 'userInfo'])
})

test('who refuses the profile reads so and can tap again', async () => {
  const demo = await opened('refuses', { sdk: OLD_BASE_LIBRARY })
  await demo.button('微信直接登录').click()
  await demo.choice('拒绝').click()
  await demo.toasts('微信登录失败')
  assert.equal(demo.traffic.wxLogins(), 0)
  await demo.button('微信直接登录').click()
  await demo.choice('允许').click()
  await demo.member.waitFor()
})

test('today’s WeChat gives a placeholder, which names nobody, after the agreement', async () => {
  const demo = await opened('today')
  await demo.button('微信直接登录').click()
  await demo.privacy.locator('wx-button', { hasText: '同意' }).first().click()
  await demo.member.waitFor()
  assert.equal(await demo.member.innerText(), '茶友')
})

test('the WeChat of the tutorial’s first readers gives the profile with the tap of a button', async () => {
  const demo = await opened('long-ago', { sdk: FIRST_BASE_LIBRARY })
  await demo.button('微信直接登录').click()
  await demo.choice('拒绝').click()
  await demo.toasts('微信登录失败')
  await demo.button('微信直接登录').click()
  await demo.choice('允许').click()
  await demo.member.waitFor()
  assert.equal(await demo.member.innerText(), '小满')
})

test('a login that takes too long says so, and one that fails otherwise, too', async () => {
  const demo = await opened('too-slow', { sdk: OLD_BASE_LIBRARY })
  const answer = (reason, errno) => (route) => route.fulfill({ json: { failure: { reason, errno } } })
  const logIn = async () => {
    await demo.button('微信直接登录').click()
    await demo.choice('允许').click()
  }
  const late = answer('timeout', 5)
  await demo.page.route('**/native/request', late)
  await logIn()
  await demo.toasts('微信登录超时')
  await demo.page.unroute('**/native/request', late)
  await demo.page.route('**/native/request', answer('-102:net::ERR_CONNECTION_REFUSED', 600001))
  await logIn()
  await demo.toasts('微信登录失败')
})

test('who is logged in already is sent on without a login', async () => {
  const demo = await stage.open('logged-in')
  await demo.logInAs('已登录')
  demo.traffic.forget()
  await demo.open({ page: PAGE, sdk: OLD_BASE_LIBRARY })
  await demo.button('微信直接登录').click()
  await demo.choice('允许').click()
  await demo.onPage('home').waitFor()
  assert.equal(demo.traffic.loginRequests(), 0)
})

test('an account can be used from there', async () => {
  const demo = await opened('with-account')
  await demo.button('账号登录').click()
  await demo.onPage('account').waitFor()
})
