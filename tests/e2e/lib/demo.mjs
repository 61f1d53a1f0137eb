// The demo as its user sees it, and the traffic below it.

const VIEWPORT = { width: 520, height: 880 }
const PATIENCE_MS = 10_000

/** A phone whose base library still asks the user for the profile. */
export const OLD_BASE_LIBRARY = '2.27.0'

export class Demo {
  constructor(page, url) {
    this.page = page
    this.url = url
    this.traffic = new Traffic(page)
    // Pages below the top one stay in the document.
    this.top = page.locator('page:not([inert])')
    this.toast = page.getByRole('status')
    this.member = this.top.locator('.member__name')
    this.invitation = this.top.getByText('去登录')
  }

  /** The demo on a phone of its own, not yet opened. */
  static async onNewPhone(browser, url) {
    const context = await browser.newContext({ viewport: VIEWPORT, deviceScaleFactor: 2 })
    context.setDefaultTimeout(PATIENCE_MS)
    return new Demo(await context.newPage(), url)
  }

  async open({ user, sdk, page } = {}) {
    const asked = Object.entries({ user, sdk, page }).filter(([, value]) => value !== undefined)
    await this.page.goto(`${this.url}?${new URLSearchParams(asked)}`)
  }

  async restart() {
    await this.page.reload()
  }

  button(text) {
    return this.top.locator('wx-button').filter({ hasText: exactly(text) })
  }

  /** A choice that WeChat itself offers, over the page. */
  choice(text) {
    return this.page.getByRole('dialog').getByRole('button', { name: text, exact: true })
  }

  onPage(name) {
    return this.page.locator(`page[data-route="pages/${name}/${name}"]:not([inert])`)
  }

  async openLogin() {
    await this.invitation.click()
    await this.onPage('login').waitFor()
  }

  async fillNickname(nickname) {
    await this.top.locator('wx-input input').fill(nickname)
  }

  async logInAs(nickname) {
    await this.openLogin()
    await this.fillNickname(nickname)
    await this.button('登录').click()
    await this.member.waitFor()
  }

  /** The rows of the me page, by label. */
  async details() {
    const rows = await this.top.locator('.row').all()
    const pairs = rows.map(async (row) => [
      await row.locator('.row__label').innerText(),
      await row.locator('.row__value').innerText(),
    ])
    return Object.fromEntries(await Promise.all(pairs))
  }
}

function exactly(text) {
  return new RegExp(`^\\s*${text}\\s*$`)
}

/** Counts what the mini-program asks of the phone's native side. */
export class Traffic {
  asked = []

  constructor(page) {
    page.on('request', (request) => {
      const { pathname } = new URL(request.url())
      if (pathname.startsWith('/native/')) this.asked.push({ pathname, body: request.postData() ?? '' })
    })
  }

  forget() {
    this.asked = []
  }

  /** How often wx.login was called. */
  wxLogins() {
    return this.asked.filter(({ pathname }) => pathname === '/native/login').length
  }

  /** How often the backend was asked to log in. */
  loginRequests() {
    return this.asked.filter(({ pathname, body }) => pathname === '/native/request' && isLogin(body)).length
  }
}

/** Whether the body of a native request is a login. */
export function isLogin(body) {
  return JSON.parse(body).url.endsWith('/auth/login_by_weixin')
}
