// What becomes of a session while the app is open, and that the pages follow it by themselves.
import { strict as assert } from 'node:assert'
import { after, before, test } from 'node:test'
import { Stage } from './lib/stage.mjs'

const PASSWORD = 'secret-tea'
const A_DAY_MS = 24 * 60 * 60 * 1000

const stage = new Stage()

before(() => stage.set())

after(() => stage.strike())

async function refresh(demo) {
  // A toast of an earlier refresh says nothing about this one.
  await demo.toast.waitFor({ state: 'detached' })
  await demo.button('刷新').click()
  await demo.toasts('资料已是最新')
}

/** Ends the session on the server alone, as a logout from elsewhere would. Leaves the me page open. */
async function revoke(demo) {
  await demo.openMe()
  await refresh(demo)
  const { header } = demo.traffic.requests('auth/info').at(-1)
  const answer = await fetch(new URL('/wx/auth/logout', stage.backend.url), {
    method: 'POST',
    headers: { 'x-litemall-token': header['x-litemall-token'] },
  })
  assert.equal((await answer.json()).errno, 0)
  demo.traffic.forget()
}

test('a session that the server has ended heals with one login, before the eyes', async () => {
  const demo = await stage.open('healing')
  await demo.logInAs('自愈')
  await revoke(demo)
  const page = await demo.onPage('me').elementHandle()
  await refresh(demo)
  assert.equal(demo.traffic.wxLogins(), 1)
  assert.equal(demo.traffic.loginRequests(), 1)
  assert.equal(demo.traffic.requests('auth/info').length, 3) // refused, confirmed to be refused, and sent again
  assert.ok(await page.isVisible(), 'the page must still be there')
  assert.equal(await demo.top.locator('.profile__name').innerText(), '自愈')
})

test('an account that is refused signs out with one toast, and every page follows', async () => {
  const demo = await stage.open('refused')
  await demo.register({ username: 'refused', password: PASSWORD })
  await revoke(demo)
  await demo.button('刷新').click()
  await demo.toasts('登录已过期，请重新登录')
  await demo.onPage('home').waitFor()
  await demo.invitation.waitFor()
  assert.equal(demo.traffic.wxLogins(), 0)
})

test('a phone number meets a refused session without a login, which would spoil its code', async () => {
  const demo = await stage.open('spoilt')
  await demo.logInAs('过期')
  await revoke(demo)
  await demo.button('绑定手机号').click()
  await demo.choice('允许').click()
  await demo.toasts('登录已过期，请重新登录')
  assert.equal(demo.traffic.wxLogins(), 0)
  assert.equal(demo.traffic.requests('auth/bind_phone').length, 1)
  // What may be refreshed stays, and the next request heals it.
  await refresh(demo)
  assert.equal(await demo.top.locator('.profile__name').innerText(), '过期')
  assert.equal(demo.traffic.wxLogins(), 1)
})

test('who comes back a day later is still signed in', async () => {
  const demo = await stage.open('next-day')
  await demo.logInAs('隔日')
  demo.traffic.forget()
  await demo.page.clock.setSystemTime(Date.now() + A_DAY_MS)
  await demo.restart()
  await demo.member.waitFor()
  assert.equal(await demo.member.innerText(), '隔日')
  assert.equal(demo.traffic.requests('auth/refresh').length, 1)
  assert.equal(demo.traffic.wxLogins(), 0)
})

test('an account whose token has ended is refreshed silently and stays signed in', async () => {
  const demo = await stage.open('staying')
  await demo.register({ username: 'staying', password: PASSWORD })
  for (let day = 1; day <= 2; day++) {
    demo.traffic.forget()
    await demo.page.clock.setSystemTime(Date.now() + day * A_DAY_MS)
    await demo.openMe()
    await refresh(demo)
    assert.equal(demo.traffic.requests('auth/refresh').length, 1)
    assert.equal((await demo.details())['账号'], 'staying')
    await demo.restart()
  }
  assert.equal(demo.traffic.wxLogins(), 0)
  assert.equal(demo.traffic.loginRequests(), 0)
})

test('who has signed out stays so', async () => {
  const demo = await stage.open('gone')
  await demo.logInAs('再见')
  await demo.logOut()
  demo.traffic.forget()
  await demo.restart()
  await demo.invitation.waitFor()
  assert.deepEqual(demo.traffic.asked, [])
})

test('a new nickname is seen on every page at once', async () => {
  const demo = await stage.open('renamed')
  await demo.logInAs('旧名')
  await demo.openMe()
  await demo.button('修改昵称').click()
  await demo.page.getByRole('dialog').getByRole('textbox').fill('新名')
  await demo.choice('确定').click()
  await demo.toasts('昵称已更新')
  assert.equal(await demo.top.locator('.profile__name').innerText(), '新名')
  // The home page lies below, and has not been shown again.
  assert.equal(await demo.page.locator('page[inert] .member__name').innerText(), '新名')
})
