import { strict as assert } from 'node:assert'
import { join } from 'node:path'
import { OLD_BASE_LIBRARY } from './demo.mjs'

const NICKNAME = '👨‍👩‍👧‍👦𠮷野家'
const NAMELESS = '茶友'

/** What a visitor of the demo does, from the first visit to the second login; each step checks what is seen. */
const STEPS = [
  ['第一次打开小程序，静默登录', 'open', async ({ demo, user }) => {
    await demo.open({ user, sdk: OLD_BASE_LIBRARY })
    await demo.member.waitFor()
    assert.equal(await demo.member.innerText(), NAMELESS)
    assert.deepEqual([demo.traffic.wxLogins(), demo.traffic.loginRequests()], [1, 1], 'one silent login')
  }],

  ['退出登录，重新启动后不会自动登录', 'leave', async ({ demo }) => {
    await demo.logOut()
    demo.traffic.forget()
    await demo.restart()
    await demo.invitation.waitFor()
    assert.deepEqual(demo.traffic.asked, [], 'who has logged out stays so')
  }],

  ['拒绝提供微信资料，仍可登录', 'refuse', async ({ demo }) => {
    await demo.openLogin()
    await demo.button('微信一键登录').click()
    await demo.choice('拒绝').click()
    await demo.button('登录').waitFor()
    assert.equal(demo.traffic.wxLogins(), 0, 'a refusal must not start a login')
  }],

  [`以 ${NICKNAME} 登录`, 'login', async ({ demo }) => {
    await demo.fillNickname(NICKNAME)
    await demo.button('登录').click()
    await demo.member.waitFor()
    assert.equal(await demo.member.innerText(), NICKNAME)
  }],

  ['查看个人资料', 'profile', async (visit) => {
    const { demo } = visit
    await demo.member.click()
    await demo.onPage('me').locator('.profile__name').waitFor()
    assert.equal(await demo.top.locator('.profile__name').innerText(), NICKNAME)
    visit.details = await demo.details()
    assert.match(visit.details['会员编号'], /^\d+$/)
  }],

  ['重新启动，仍是登录状态', 'restart', async ({ demo }) => {
    demo.traffic.forget()
    await demo.restart()
    await demo.member.waitFor()
    assert.equal(await demo.member.innerText(), NICKNAME)
    assert.equal(demo.traffic.wxLogins() + demo.traffic.loginRequests(), 0, 'a restart must not log in again')
  }],

  ['退出登录', 'logout', ({ demo }) => demo.logOut()],

  ['再次登录，还是同一位用户', 'again', async ({ demo, details }) => {
    await demo.openLogin()
    await demo.button('暂不设置，直接登录').click()
    await demo.member.waitFor()
    assert.equal(await demo.member.innerText(), NICKNAME)
    await demo.member.click()
    await demo.onPage('me').locator('.row').first().waitFor()
    assert.deepEqual(await demo.details(), details)
  }],
]

/**
 * Walks the whole journey as `user`, a WeChat user that the backend has not seen yet, and leaves a picture of each step
 * under `folder`. `report` gets a line a step; rejects at the first step that fails.
 */
export async function walkJourney({ demo, user, folder, report }) {
  const visit = { demo, user }
  for (const [index, [title, name, walk]] of STEPS.entries()) {
    const label = `${index + 1}/${STEPS.length} ${title}`
    const picture = () => takePicture(demo.page, join(folder, `${index + 1}-${name}.png`))
    try {
      await Promise.race([walk(visit), demo.trouble])
      await picture()
    } catch (error) {
      report(`${label} … failed`)
      // What the screen shows says more than the message; a browser that is gone shows nothing.
      await picture().catch(() => {})
      throw error
    }
    report(`${label} … ok`)
  }
}

/** A picture of the settled screen: animations at their end. */
function takePicture(page, path) {
  return page.screenshot({ path, animations: 'disabled' })
}
