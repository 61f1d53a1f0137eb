// The pages around the account: where one is signed in, the password, what is bound, the data, the end of the account.
import { strict as assert } from 'node:assert'
import { after, before, test } from 'node:test'
import { Stage } from './lib/stage.mjs'

const PASSWORD = 'secret-tea-1'
const NEW_PASSWORD = 'another-tea-2'
const BROWSER = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) WindowsWechat'

const stage = new Stage()

before(() => stage.set())

after(() => stage.strike())

/** The same account, signed in on a computer as well. Gives what asks the backend from there. */
async function elsewhere(account) {
  const answer = await fetch(new URL('/wx/auth/login', stage.backend.url), {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'user-agent': BROWSER },
    body: JSON.stringify(account),
  })
  const { data } = await answer.json()
  return async () => {
    const info = await fetch(new URL('/wx/auth/info', stage.backend.url), { headers: { 'x-litemall-token': data.token } })
    return (await info.json()).errno
  }
}

async function member(username) {
  const demo = await stage.open(`owner-of-${username}`)
  await demo.register({ username, password: PASSWORD })
  return demo
}

async function openFromMe(demo, label, page) {
  await demo.openMe()
  await demo.button(label).click()
  await demo.onPage(page).waitFor()
}

const deviceRow = (demo, name) => demo.top.locator('.device').filter({ hasText: name })

test('the devices are listed with a time, and this one is marked', async () => {
  const demo = await member('lister')
  await elsewhere({ username: 'lister', password: PASSWORD })
  await openFromMe(demo, '登录设备', 'devices')
  await deviceRow(demo, 'Windows').waitFor()
  assert.equal(await demo.top.locator('.device').count(), 2)
  const own = deviceRow(demo, '本机')
  assert.match(await own.innerText(), /iPhone/)
  assert.match(await own.innerText(), /最近使用 \d{4}-\d\d-\d\d \d\d:\d\d/)
  assert.equal(await own.locator('wx-button').count(), 0)
})

test('one device can be signed out, and the others stay', async () => {
  const demo = await member('one-out')
  const errno = await elsewhere({ username: 'one-out', password: PASSWORD })
  assert.equal(await errno(), 0)
  await openFromMe(demo, '登录设备', 'devices')
  await deviceRow(demo, 'Windows').locator('wx-button').click()
  await demo.choice('退出').click()
  await demo.toasts('已退出该设备')
  await deviceRow(demo, 'Windows').waitFor({ state: 'detached' })
  await demo.top.getByText('没有其他登录设备').waitFor()
  assert.equal(await errno(), 501)
  await demo.restart()
  await demo.member.waitFor()
})

test('who signs out everywhere is signed out here and there', async () => {
  const demo = await member('all-out')
  const errno = await elsewhere({ username: 'all-out', password: PASSWORD })
  await openFromMe(demo, '登录设备', 'devices')
  await demo.button('退出所有设备').click()
  await demo.choice('取消').click()
  assert.equal(await errno(), 0)
  await demo.button('退出所有设备').click()
  const told = demo.page.waitForResponse((response) => response.request().postData()?.includes('auth/logout_everywhere'))
  await demo.choice('退出').click()
  await demo.onPage('home').waitFor()
  await told
  await demo.invitation.waitFor()
  assert.equal(await errno(), 501)
  assert.equal(demo.traffic.wxLogins(), 0)
})

test('devices that cannot be loaded can be loaded again', async () => {
  const demo = await member('offline')
  const offline = (route) => route.abort()
  await demo.openMe()
  await demo.page.route('**/native/request', offline)
  await demo.button('登录设备').click()
  await demo.onPage('devices').getByText('网络不可用，请检查网络').waitFor()
  await demo.page.unroute('**/native/request', offline)
  await demo.button('重试').click()
  await deviceRow(demo, '本机').waitFor()
})

test('only who has an account has a password to change', async () => {
  const demo = await stage.open('wechat-only')
  await demo.openLogin()
  await demo.button('微信登录').click()
  await openFromMe(demo, '账号与安全', 'security')
  await demo.button('导出我的数据').waitFor()
  assert.equal(await demo.button('修改密码').count(), 0)
  assert.equal(await demo.button('解除微信绑定').count(), 0)
  assert.equal(await demo.button('解除手机号绑定').count(), 0)
})

test('WeChat can be unbound unless the server says that it is not bound', async () => {
  for (const [username, weixinBound, rows] of [['says-bound', true, 1], ['says-unbound', false, 0], ['says-nothing', undefined, 1]]) {
    const demo = await stage.open(`owner-of-${username}`)
    await demo.page.route('**/native/request', async (route) => {
      const response = await route.fetch()
      const answer = await response.json()
      const body = JSON.parse(answer.body)
      if (body.data?.userInfo) body.data.userInfo.weixinBound = weixinBound
      await route.fulfill({ json: { ...answer, body: JSON.stringify(body) } })
    })
    await demo.register({ username, password: PASSWORD })
    await openFromMe(demo, '账号与安全', 'security')
    await demo.button('修改密码').waitFor()
    assert.equal(await demo.button('解除微信绑定').count(), rows, username)
  }
})

test('a new password that cannot work is not sent', async () => {
  const demo = await member('hasty')
  await openFromMe(demo, '账号与安全', 'security')
  await demo.button('修改密码').click()
  const [old, replacement] = await demo.onPage('password').locator('wx-input input').all()
  await demo.button('保存').click()
  await demo.toasts('请输入原密码')
  await old.fill(PASSWORD)
  await replacement.fill('short')
  await demo.button('保存').click()
  await demo.toasts('密码至少需要8位')
  assert.equal(demo.traffic.requests('auth/password').length, 0)
})

async function fillPasswords(demo, oldPassword, newPassword) {
  const [old, replacement] = await demo.onPage('password').locator('wx-input input').all()
  await old.fill(oldPassword)
  await replacement.fill(newPassword)
  await demo.button('保存').click()
}

test('a password is changed by the old one, and the other devices are signed out', async () => {
  const demo = await member('changer')
  const errno = await elsewhere({ username: 'changer', password: PASSWORD })
  await openFromMe(demo, '账号与安全', 'security')
  await demo.button('修改密码').click()
  await fillPasswords(demo, 'not-the-old-one', NEW_PASSWORD)
  await demo.toasts('原密码不对，请重新输入')
  assert.equal(await errno(), 0)
  await fillPasswords(demo, PASSWORD, NEW_PASSWORD)
  await demo.toasts('密码已修改')
  await demo.onPage('security').waitFor()
  assert.equal(await errno(), 501)

  await demo.restart()
  await demo.logOut()
  await demo.openAccount()
  await demo.fillAccount({ username: 'changer', password: NEW_PASSWORD })
  await demo.button('登录').click()
  await demo.member.waitFor()
})

test('a phone number can be unbound, and every page follows', async () => {
  const demo = await member('moved')
  await demo.openMe()
  await demo.button('绑定手机号').click()
  await demo.privacy.locator('wx-button').first().click()
  await demo.choice('允许').click()
  await demo.toasts('手机号已绑定')
  await demo.button('账号与安全').click()
  await demo.button('解除手机号绑定').click()
  await demo.choice('解除').click()
  await demo.toasts('已解除手机号绑定')
  await demo.button('解除手机号绑定').waitFor({ state: 'detached' })
  await demo.page.locator('.mp-back').click()
  await demo.onPage('me').waitFor()
  await demo.button('绑定手机号').waitFor()
})

test('WeChat can be unbound from an account, and then is somebody else', async () => {
  const demo = await member('unbound')
  await demo.logOut()
  await demo.openLogin()
  await demo.button('微信登录').click()
  await demo.openMe()
  await demo.button('绑定账号').click()
  await demo.fillAccount({ username: 'unbound', password: PASSWORD })
  await demo.button('绑定').click()
  await demo.onPage('me').waitFor()
  const number = (await demo.details())['会员编号']

  await demo.button('账号与安全').click()
  await demo.button('解除微信绑定').click()
  await demo.choice('解除').click()
  await demo.toasts('已解除微信绑定')
  await demo.restart()
  await demo.logOut()
  await demo.openLogin()
  await demo.button('微信登录').click()
  await demo.openMe()
  assert.notEqual((await demo.details())['会员编号'], number)
})

test('the data are copied as they come from the server', async () => {
  const demo = await member('exporter')
  await demo.page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await openFromMe(demo, '账号与安全', 'security')
  await demo.button('导出我的数据').click()
  await demo.toasts('内容已复制')
  const copied = JSON.parse(await demo.page.evaluate(() => navigator.clipboard.readText()))
  assert.equal(copied.user.username, 'exporter')
  assert.equal(copied.logins.length, 1)
})

test('an account is cancelled only when the user says so twice, and then is gone', async () => {
  const demo = await member('leaver')
  const errno = await elsewhere({ username: 'leaver', password: PASSWORD })
  await openFromMe(demo, '账号与安全', 'security')
  await demo.button('注销账号').click()
  await demo.choice('取消').click()
  assert.equal(demo.traffic.requests('auth/cancel').length, 0)
  await demo.button('注销账号').click()
  await demo.choice('注销').click()
  await demo.toasts('账号已注销')
  await demo.onPage('home').waitFor()
  await demo.invitation.waitFor()
  assert.equal(await errno(), 501)
  await demo.openAccount()
  await demo.fillAccount({ username: 'leaver', password: PASSWORD })
  await demo.button('登录').click()
  await demo.toasts('用户名或密码不正确')
})

/** Fills in a new password, and taps through to where the phone number is asked for. */
async function openReset(demo, newPassword) {
  await demo.openAccount()
  await demo.button('忘记密码').click()
  await demo.onPage('reset').locator('wx-input input').fill(newPassword)
  await demo.button('下一步').click()
}

test('a forgotten password is replaced by the phone number, and the username is shown', async () => {
  const demo = await member('forgetful')
  await demo.openMe()
  await demo.button('绑定手机号').click()
  await demo.privacy.locator('wx-button').first().click()
  await demo.choice('允许').click()
  await demo.toasts('手机号已绑定')
  const errno = await elsewhere({ username: 'forgetful', password: PASSWORD })
  await demo.restart()
  await demo.logOut()

  demo.traffic.forget()
  await openReset(demo, 'short')
  await demo.toasts('密码至少需要8位')
  await demo.onPage('reset').locator('wx-input input').fill(NEW_PASSWORD)
  await demo.button('下一步').click()
  await demo.button('手机号快捷验证').click()
  await demo.choice('拒绝').click()
  await demo.toasts('未获取到手机号')
  assert.equal(demo.traffic.requests('auth/reset_password').length, 0)
  await demo.button('手机号快捷验证').click()
  await demo.choice('允许').click()
  await demo.top.getByText('forgetful', { exact: true }).waitFor()
  assert.equal(demo.traffic.wxLogins(), 0, 'a login would have spoilt the code')
  assert.equal(await errno(), 501)

  await demo.button('去登录').click()
  await demo.fillAccount({ username: 'forgetful', password: NEW_PASSWORD })
  await demo.button('登录').click()
  await demo.member.waitFor()
})

test('a phone number that no account has resets nothing', async () => {
  const demo = await stage.open('no-account')
  await openReset(demo, NEW_PASSWORD)
  await demo.button('手机号快捷验证').click()
  await demo.privacy.locator('wx-button').first().click()
  await demo.choice('允许').click()
  await demo.toasts('没有账号绑定过这个手机号')
  await demo.button('修改新密码').click()
  await demo.onPage('reset').locator('wx-input').waitFor()
})
