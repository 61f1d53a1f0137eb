import { strict as assert } from 'node:assert'
import { after, before, test } from 'node:test'
import { OLD_BASE_LIBRARY, tapTwice } from './lib/demo.mjs'
import { Stage } from './lib/stage.mjs'

const stage = new Stage()

before(() => stage.set())

after(() => stage.strike())

test('who comes for the first time is logged in silently, and asked for nothing', async () => {
  const demo = await stage.newPhone()
  await demo.open({ user: 'newcomer' })
  await demo.member.waitFor()
  assert.equal(await demo.member.innerText(), '茶友')
  assert.deepEqual([demo.traffic.wxLogins(), demo.traffic.loginRequests()], [1, 1])
  assert.equal(await demo.page.getByRole('dialog').count(), 0)
  assert.equal(await demo.privacy.count(), 0)
})

test('who was logged in silently gives avatar and nickname on the own page', async () => {
  const demo = await stage.newPhone()
  await demo.open({ user: 'silent-portrait' })
  await demo.openMe()
  await demo.top.locator('.profile__avatar').click()
  await demo.privacy.locator('wx-button').first().click()
  await demo.choice('用微信头像').click()
  await demo.toasts('头像已更新')
  await demo.restart()
  await demo.top.locator('avatar img').waitFor()
})

test('a double tap makes one login and goes back one page (behaviour 7; B5)', async () => {
  const demo = await stage.open('double-tap')
  await demo.openLogin()
  await demo.fillNickname('双击')
  await tapTwice(demo.button('登录'))
  await demo.member.waitFor()
  assert.equal(demo.traffic.wxLogins(), 1)
  assert.equal(demo.traffic.loginRequests(), 1)
})

test('a double tap asks for the profile once', async () => {
  const demo = await stage.open('double-consent', { sdk: OLD_BASE_LIBRARY })
  await demo.openLogin()
  await tapTwice(demo.button('微信一键登录'))
  await demo.choice('允许').waitFor()
  assert.equal(await demo.choice('允许').count(), 1)
})

test('the buttons are locked while a login runs', async () => {
  const demo = await stage.open('locked')
  const held = new Promise((resolve) => demo.page.route('**/native/request', resolve))
  await demo.openLogin()
  await demo.openForm()
  await demo.button('登录').click()
  await demo.top.locator('wx-button[disabled][loading]', { hasText: '登录' }).waitFor()
  assert.equal(await demo.top.locator('wx-button:not([disabled])').count(), 0)
  await (await held).continue()
  await demo.member.waitFor()
})

test('a real profile that the user allows is used as it is', async () => {
  const demo = await stage.open('allowed', { sdk: OLD_BASE_LIBRARY })
  await demo.openLogin()
  await demo.button('微信一键登录').click()
  await demo.choice('允许').click()
  await demo.member.waitFor()
  assert.equal(await demo.member.innerText(), '小满')
  await demo.top.locator('avatar img').waitFor()
})

test('a current WeChat, which has no real profile to give, is not asked for one', async () => {
  const demo = await stage.open('current')
  await demo.openLogin()
  await demo.button('微信登录').waitFor()
  assert.equal(await demo.button('微信一键登录').count(), 0)
})

test('the WeChat nickname can be taken over from above the keyboard', async () => {
  const demo = await stage.open('nickname')
  await demo.openLogin()
  await demo.openForm()
  await demo.nickname.click()
  await demo.page.getByRole('button', { name: '小满' }).click()
  await demo.button('登录').click()
  await demo.member.waitFor()
  assert.equal(await demo.member.innerText(), '小满')
})

test('a nickname can be typed and mended key by key', async () => {
  const demo = await stage.open('typist')
  await demo.openLogin()
  await demo.openForm()
  const field = demo.nickname
  await field.pressSequentially('teax')
  await field.press('Backspace')
  await demo.button('登录').click()
  await demo.member.waitFor()
  assert.equal(await demo.member.innerText(), 'tea')
})

test('a login without nickname and avatar works, and names nobody 微信用户', async () => {
  const demo = await stage.open('nameless')
  await demo.openLogin()
  await demo.button('微信登录').click()
  await demo.member.waitFor()
  assert.equal(await demo.member.innerText(), '茶友')
})

test('a chosen avatar is uploaded, and is still there after a restart', async () => {
  const demo = await stage.open('portrait')
  await demo.openLogin()
  await demo.openForm()
  await demo.button('选择头像').click()
  await demo.choice('用微信头像').click()
  await demo.fillNickname('有图')
  await demo.button('登录').click()
  await demo.member.waitFor()
  await demo.restart()
  const avatar = demo.top.locator('avatar img')
  await avatar.waitFor()
  assert.equal(await avatar.evaluate(async (image) => (await image.decode(), image.naturalWidth)), 264)
})

test('an avatar that cannot be uploaded does not undo the login', async () => {
  const demo = await stage.open('no-upload')
  await demo.page.route('**/native/upload', (route) => route.abort())
  await demo.openLogin()
  await demo.openForm()
  await demo.button('选择头像').click()
  await demo.choice('用微信头像').click()
  await demo.fillNickname('无图')
  await demo.button('登录').click()
  assert.equal(await demo.toast.innerText(), '登录成功，头像未能保存')
  await demo.member.waitFor()
})

test('who is logged in already is sent on from the login page (behaviour 5; B4)', async () => {
  const demo = await stage.open('early')
  await demo.logInAs('早到')
  demo.traffic.forget()
  await demo.open({ page: 'pages/login/login' })
  await demo.onPage('home').waitFor()
  assert.equal(await demo.member.innerText(), '早到')
  assert.equal(demo.traffic.wxLogins(), 0)
})
