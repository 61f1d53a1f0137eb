import { strict as assert } from 'node:assert'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { after, before, test } from 'node:test'
import { startPreview } from './lib/processes.mjs'
import { Stage } from './lib/stage.mjs'

const A_MINUTE_MS = 60 * 1000
const A_DAY_MS = 24 * 60 * 60 * 1000

const stage = new Stage()

before(() => stage.set())

after(() => stage.strike())

test('backend down: a toast and nothing changed; backend back: the login works', async () => {
  const demo = await stage.open('outage')
  await demo.openLogin()
  await demo.fillNickname('断线')
  await stage.backend.stop()
  await demo.button('登录').click()
  await demo.toasts('微信登录失败，请重试')
  await demo.onPage('login').waitFor()
  await demo.restart()
  await demo.invitation.waitFor()

  await stage.restartBackend()
  await demo.logInAs('断线')
  assert.equal(await demo.member.innerText(), '断线')
})

test('a backend that goes away after a login does not log the user out', async () => {
  const demo = await stage.open('stays')
  await demo.logInAs('留下')
  await stage.backend.stop()
  await demo.restart()
  await demo.member.waitFor()
  assert.equal(await demo.member.innerText(), '留下')
  await stage.restartBackend()
})

test('a session that is over by the clock is no guest\'s while there is no network', async () => {
  const demo = await stage.open('over')
  await demo.logInAs('过期')
  await demo.page.route('**/native/request', (route) => route.abort())
  await demo.page.clock.setSystemTime(Date.now() + A_DAY_MS)
  await demo.restart()
  await demo.member.waitFor()
  assert.equal(await demo.member.innerText(), '过期')
  await demo.openMe()
})

/** The network is there again, after the pause that silent logins keep. */
async function comesBack(demo) {
  await demo.page.unroute('**/native/*')
  await demo.page.clock.setSystemTime(Date.now() + A_MINUTE_MS)
}

test('a first visitor who cannot be logged in reads why, and tries again', async () => {
  const demo = await stage.newPhone()
  await demo.page.route('**/native/*', (route) => route.abort())
  await demo.open({ user: 'no-network' })
  await demo.top.locator('.unknown').waitFor()
  assert.equal(await demo.invitation.count(), 0, 'unknown is not "nobody"')
  await comesBack(demo)
  await demo.button('重试').click()
  await demo.member.waitFor()
})

test('a page of the user\'s that cannot know the user says why, and tries again', async () => {
  for (const page of ['me', 'devices', 'security', 'password']) {
    const demo = await stage.newPhone()
    await demo.page.route('**/native/*', (route) => route.abort())
    await demo.open({ user: `lost-${page}`, page: `pages/${page}/${page}` })
    await demo.button('重试').waitFor()
    assert.equal(await demo.top.locator('.card, .panel').count(), 0, page)
    await comesBack(demo)
    await demo.button('重试').click()
    await demo.top.locator('.card, .panel').first().waitFor()
  }
})

test('a login that takes too long says so', async (t) => {
  const silent = await silentBackend()
  t.after(() => silent.close())
  const preview = await startPreview(silent.url)
  t.after(() => preview.stop())
  const demo = await stage.phone(preview)
  // The phone gives up by its own clock: only how long it waits is made shorter.
  await demo.page.route('**/native/request', (route, request) => {
    const asked = JSON.parse(request.postData())
    const isLogin = asked.url.endsWith('/auth/login_by_weixin')
    return route.continue({ postData: JSON.stringify(isLogin ? { ...asked, timeout: 300 } : asked) })
  })
  await demo.open({ user: 'slow' })
  await demo.openLogin()
  await demo.button('微信登录').click()
  await demo.toasts('服务器没有响应，请重试')
  await demo.onPage('login').waitFor()
  // An answer that may only have been lost is waited for once more, with a new code; the user hears of it once.
  assert.equal(demo.traffic.wxLogins(), 2)
  assert.equal(demo.traffic.loginRequests(), 2)
  assert.equal(await demo.toast.count(), 1)
  // The lock is off again.
  await demo.top.locator('wx-button:not([disabled])', { hasText: /^\s*微信登录\s*$/ }).waitFor()
})

/** Hands out codes as the sandbox does, and answers nothing else, ever. */
async function silentBackend() {
  const server = createServer((request, response) => {
    if (request.url === '/sandbox/control/code') response.end(JSON.stringify({ code: 'a-code' }))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}
