// Every screen of the demo, one after the other, as a new member meets them.
import { createRequire } from 'node:module'

const load = createRequire(import.meta.url)
const text = (file, language) => load(`../../../miniprogram-demo/miniprogram/texts/${file}.js`)[language]

const PASSWORD = 'secret-tea-1'

/**
 * Opens the demo as `user`, who has not been there yet, on a phone of that language (`zh` or `en`), and calls `visit(name)` at each
 * screen. The account that the user registers is called `username`.
 */
export async function walkScreens({ demo, language, user, username, text: textSize }, visit) {
  const t = (file) => text(file, language)
  const { login, privacy, account, reset, me, devices, security, password } = Object.fromEntries(
    ['login', 'privacy', 'account', 'reset', 'me', 'devices', 'security', 'password'].map((file) => [file, t(file)]),
  )
  const tap = (label) => demo.button(label).click()
  const back = () => demo.page.locator('.mp-back').click()
  const sheetButton = (label) => demo.privacy.locator('wx-button').filter({ hasText: label })

  await demo.open({ user, lang: language === 'zh' ? 'zh_CN' : 'en', text: textSize })
  await demo.button(t('home').logIn).waitFor()
  await visit('home-guest')
  for (const { page, name } of t('developer-links').pages) {
    await demo.top.getByText(name, { exact: true }).click()
    await demo.page.locator(`page[data-route="${page.slice(1)}"]:not([inert])`).waitFor()
    await visit(page.split('/').slice(2, -1).join('-'))
    await back()
  }

  await tap(t('home').logIn)
  await demo.button(login.setProfile).waitFor()
  await visit('login-guest')
  await tap(login.setProfile)
  await sheetButton(privacy.agree).first().waitFor()
  await visit('privacy')
  await demo.privacy.locator('wx-button').first().click()
  await demo.nickname.waitFor()
  await visit('login-form')

  await tap(login.withAccount)
  await demo.onPage('account').waitFor()
  await visit('account')
  await tap(account.toReset)
  await demo.onPage('reset').locator('wx-input input').fill(PASSWORD)
  await visit('reset')
  await tap(reset.next)
  await demo.button(reset.prove).waitFor()
  await visit('reset-phone')
  await back()
  await tap(account.toRegister)
  await demo.fillAccount({ username, password: PASSWORD })
  await tap(account.purposes.register.action)
  await demo.member.waitFor()
  await demo.toast.waitFor({ state: 'detached' })
  await visit('home-member')

  await demo.openMe()
  await visit('me')
  await tap(me.devices)
  await demo.onPage('devices').locator('.device').first().waitFor()
  await visit('devices')
  await back()

  const offline = (route) => route.abort()
  await demo.page.route('**/native/request', offline)
  await tap(me.devices)
  await demo.button(t('page-state').retry).waitFor()
  await visit('devices-failed')
  await demo.page.unroute('**/native/request', offline)
  await back()

  await tap(me.security)
  await demo.button(security.changePassword).waitFor()
  await visit('security')
  await tap(security.cancelAccount)
  await demo.page.getByRole('dialog').waitFor()
  await visit('cancel-account')
  await demo.choice(t('ask').cancel).click()
  await tap(security.changePassword)
  await demo.onPage('password').waitFor()
  await visit('password')
}
