import { strict as assert } from 'node:assert'
import { after, before, test } from 'node:test'
import { tapTwice } from './lib/demo.mjs'
import { Stage } from './lib/stage.mjs'

const PASSWORD = '明前龙井-1234'

const stage = new Stage()

before(() => stage.set())

after(() => stage.strike())

/** A new account, on a phone of its own that is signed in with it. */
async function registered(username) {
  const demo = await stage.open(`owner-of-${username}`)
  await demo.register({ username, password: PASSWORD })
  return demo
}

/** The account page, on the phone of somebody else. */
async function visitor(user) {
  const demo = await stage.open(user)
  await demo.openAccount()
  return demo
}

test('who registers is signed in, and is the same member when signing in again', async () => {
  const demo = await registered('lu_yu')
  assert.equal(await demo.member.innerText(), 'lu_yu')
  assert.equal(demo.traffic.requests('auth/register').length, 1)
  assert.equal(demo.traffic.wxLogins(), 0)
  await demo.openMe()
  const details = await demo.details()
  assert.equal(details['账号'], 'lu_yu')

  await demo.restart()
  await demo.logOut()
  await demo.openAccount()
  await demo.fillAccount({ username: ' lu_yu ', password: PASSWORD })
  await demo.button('登录').click()
  await demo.onPage('home').waitFor()
  await demo.openMe()
  assert.deepEqual(await demo.details(), details)
})

test('a wrong password is told, signs nobody in and can be mended', async () => {
  await registered('wrong_once')
  const demo = await visitor('guest-1')
  await demo.fillAccount({ username: 'wrong_once', password: 'not-it' })
  await demo.button('登录').click()
  await demo.toasts('用户名或密码不正确')
  await demo.onPage('account').waitFor()

  await demo.fillAccount({ username: 'wrong_once', password: PASSWORD })
  await demo.button('登录').click()
  await demo.member.waitFor()
  assert.equal(await demo.member.innerText(), 'wrong_once')
})

test('a name that somebody has is told apart', async () => {
  await registered('taken')
  const demo = await visitor('guest-2')
  await demo.button('注册新账号').click()
  await demo.fillAccount({ username: 'taken', password: PASSWORD })
  await demo.button('注册').click()
  await demo.toasts('用户名已被注册，换一个试试')
  await demo.onPage('account').waitFor()
})

test('what cannot work is not sent', async () => {
  const demo = await visitor('guest-3')
  const tried = async (action, account, text) => {
    await demo.fillAccount(account)
    await demo.button(action).click()
    await demo.toasts(text)
  }
  await tried('登录', { username: ' ', password: PASSWORD }, '请输入用户名')
  await tried('登录', { username: 'guest', password: '' }, '请输入密码')
  await demo.button('注册新账号').click()
  await tried('注册', { username: '', password: '' }, '请输入用户名')
  await tried('注册', { username: 'two words', password: PASSWORD }, '用户名不能含有空格')
  await tried('注册', { username: 'guest', password: '1234567' }, '密码至少需要8位')
  assert.deepEqual(demo.traffic.asked, [])
})

test('a double tap signs in once, and the buttons are locked meanwhile', async () => {
  await registered('twice')
  const demo = await visitor('guest-4')
  const held = new Promise((resolve) => demo.page.route('**/native/request', resolve))
  await demo.fillAccount({ username: 'twice', password: PASSWORD })
  await tapTwice(demo.button('登录'))
  await demo.top.locator('wx-button[disabled][loading]', { hasText: '登录' }).waitFor()
  assert.equal(await demo.top.locator('wx-button:not([disabled])').count(), 0)
  await (await held).continue()
  await demo.onPage('home').waitFor()
  await demo.member.waitFor()
  assert.equal(demo.traffic.requests('auth/login').length, 1)
})

test('without a network there is a toast, and the button can be tapped again', async () => {
  const demo = await visitor('guest-5')
  await demo.page.route('**/native/request', (route) => route.abort())
  await demo.fillAccount({ username: 'offline', password: PASSWORD })
  await demo.button('登录').click()
  await demo.toasts('网络不可用，请检查网络')
  await demo.top.locator('wx-button:not([disabled])', { hasText: /^\s*登录\s*$/ }).waitFor()
})

test('the account page sends on who has no use for it', async () => {
  const demo = await stage.phone()
  await demo.open({ user: 'guest-6', page: 'pages/account/account?purpose=bind' })
  await demo.invitation.waitFor()
  await demo.register({ username: 'settled', password: PASSWORD })
  await demo.open({ page: 'pages/account/account' })
  await demo.onPage('home').waitFor()
})
