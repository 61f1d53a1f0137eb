// Nothing personal is asked for before the user has agreed to the privacy guide.
import { strict as assert } from 'node:assert'
import { after, before, test } from 'node:test'
import { OLD_BASE_LIBRARY } from './lib/demo.mjs'
import { Stage } from './lib/stage.mjs'

const stage = new Stage()

before(() => stage.set())

after(() => stage.strike())

const sheetButton = (demo, text) => demo.privacy.locator('wx-button', { hasText: new RegExp(`^\\s*${text}\\s*$`) })

/** On the me page, signed in without having agreed to anything. */
async function member(user) {
  const demo = await stage.open(user)
  await demo.openLogin()
  await demo.button('微信登录').click()
  await demo.openMe()
  return demo
}

test('who has not agreed is asked for neither avatar nor nickname, and can log in', async () => {
  const demo = await stage.open('reserved')
  await demo.openLogin()
  await demo.button('微信登录').waitFor()
  assert.equal(await demo.top.locator('wx-input').count(), 0)
  assert.equal(await demo.button('选择头像').count(), 0)
  await demo.button('微信登录').click()
  await demo.member.waitFor()
})

test('who refuses is asked for nothing, and may think again', async () => {
  const demo = await stage.open('undecided')
  await demo.openLogin()
  await demo.button('设置头像和昵称').click()
  await sheetButton(demo, '暂不同意').click()
  await sheetButton(demo, '暂不同意').waitFor({ state: 'detached' })
  assert.equal(await demo.top.locator('wx-input').count(), 0)
  await demo.button('设置头像和昵称').click()
  await sheetButton(demo, '同意').click()
  await demo.nickname.waitFor()
})

test('the privacy guide can be read from the question', async () => {
  const demo = await stage.open('reader')
  await demo.openLogin()
  await demo.button('设置头像和昵称').click()
  await demo.privacy.getByText('《隐私保护指引》', { exact: true }).click()
  await demo.page.getByRole('heading', { name: '《一叶茶铺小程序隐私保护指引》' }).waitFor()
})

test('an agreement is remembered', async () => {
  const demo = await stage.open('agreed')
  await demo.openLogin()
  await demo.openForm()
  await demo.restart()
  await demo.openLogin()
  await demo.nickname.waitFor()
  assert.equal(await demo.button('设置头像和昵称').count(), 0)
})

test('a phone number is not asked for before the agreement, and is right after it', async () => {
  const demo = await member('shy-number')
  await demo.button('绑定手机号').click()
  await sheetButton(demo, '同意').waitFor()
  assert.equal(await demo.choice('允许').count(), 0)
  await sheetButton(demo, '同意').click()
  await demo.choice('允许').click()
  await demo.toasts('手机号已绑定')
})

test('who refuses keeps the phone number', async () => {
  const demo = await member('kept-number')
  await demo.button('绑定手机号').click()
  await sheetButton(demo, '暂不同意').click()
  await demo.toasts('未获取到手机号')
  assert.equal(await demo.choice('允许').count(), 0)
  assert.equal(demo.traffic.requests('auth/bind_phone').length, 0)
})

test('a WeChat that knows no such agreement is not asked for one', async () => {
  const demo = await stage.open('old-wechat', { sdk: OLD_BASE_LIBRARY })
  await demo.openLogin()
  await demo.button('微信一键登录').click()
  await demo.choice('拒绝').click()
  await demo.nickname.waitFor()
})
