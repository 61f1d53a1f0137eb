import { strict as assert } from 'node:assert'
import { after, before, test } from 'node:test'
import { Stage } from './lib/stage.mjs'

const PASSWORD = 'secret-tea'

const stage = new Stage()

before(() => stage.set())

after(() => stage.strike())

/** Creates an account on a phone of its own; gives its member number. */
async function account(username) {
  const demo = await stage.open(`owner-of-${username}`)
  await demo.register({ username, password: PASSWORD })
  await demo.openMe()
  return (await demo.details())['会员编号']
}

/** A phone whose WeChat user is signed in with WeChat. */
async function member(user) {
  const demo = await stage.open(user)
  await demo.logInAs(user)
  return demo
}

async function bind(demo, username, password = PASSWORD) {
  await demo.fillAccount({ username, password })
  await demo.button('绑定').click()
}

test('a bound account and WeChat lead to one member', async () => {
  const number = await account('bound')
  const demo = await member('binder')
  await demo.openBinding()
  await bind(demo, 'bound')
  await demo.toasts('绑定成功')
  await demo.onPage('me').waitFor()
  const details = await demo.details()
  assert.deepEqual([details['账号'], details['会员编号']], ['bound', number])

  await demo.restart()
  await demo.logOut()
  await demo.openLogin()
  await demo.button('暂不设置，直接登录').click()
  await demo.openMe()
  assert.deepEqual(await demo.details(), details)
})

test('a wrong password binds nothing and leaves the user signed in', async () => {
  await account('guarded')
  const demo = await member('guesser')
  await demo.openBinding()
  await bind(demo, 'guarded', 'a-guess')
  await demo.toasts('用户名或密码不正确')
  await demo.restart()
  await demo.openMe()
  await demo.button('绑定账号').waitFor()
})

test('an account that another WeChat user has is told apart', async () => {
  await account('shared')
  const first = await member('first-come')
  await first.openBinding()
  await bind(first, 'shared')
  await first.onPage('me').waitFor()

  const second = await member('second-come')
  await second.openBinding()
  await bind(second, 'shared')
  await second.toasts('该账号已绑定其他微信')
  await second.onPage('account').waitFor()
})

test('a WeChat user who has bound another account elsewhere is told apart', async () => {
  await account('one')
  await account('other')
  const phone = await member('two-phones')
  const tablet = await member('two-phones')
  await tablet.openBinding()
  await phone.openBinding()
  await bind(phone, 'one')
  await phone.onPage('me').waitFor()
  await bind(tablet, 'other')
  await tablet.toasts('当前微信已绑定其他账号')
})

test('a phone number that the user allows is bound, and the server knows it', async () => {
  const demo = await member('caller')
  await demo.openMe()
  await demo.button('绑定手机号').click()
  await demo.choice('允许').click()
  await demo.toasts('手机号已绑定')
  assert.match(await demo.row('手机号').innerText(), /^138\*{4}\d{4}$/)
  await demo.button('刷新').click()
  await demo.toasts('资料已是最新')
  assert.match(await demo.row('手机号').innerText(), /^138\*{4}\d{4}$/)
  assert.equal(demo.traffic.wxLogins(), 1, 'a login would have spoilt the code')
})

test('a phone number that the user keeps is not asked of the server', async () => {
  const demo = await member('silent')
  await demo.openMe()
  await demo.button('绑定手机号').click()
  await demo.choice('拒绝').click()
  await demo.toasts('未获取到手机号')
  await demo.button('绑定手机号').waitFor()
  assert.equal(demo.traffic.requests('auth/bind_phone').length, 0)
})
