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
    this.trouble = firstTrouble(page)
    // Pages below the top one stay in the document.
    this.top = page.locator('page:not([inert])')
    this.toast = page.locator('.mp-toast')
    this.member = this.top.locator('.member__name')
    this.nickname = this.onPage('login').locator('wx-input input')
    this.privacy = this.top.locator('privacy-sheet')
    this.invitation = this.top.getByText('去登录')
  }

  /** The demo on a phone of its own, not yet opened. */
  static async onNewPhone(browser, url) {
    const context = await browser.newContext({ viewport: VIEWPORT, deviceScaleFactor: 2 })
    context.setDefaultTimeout(PATIENCE_MS)
    return new Demo(await context.newPage(), url)
  }

  async open({ user, sdk, page, lang, text } = {}) {
    const asked = Object.entries({ user, sdk, page, lang, text }).filter(([, value]) => value !== undefined)
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

  /** Shows the form of the login page; who has not agreed to the privacy guide yet agrees. */
  async openForm() {
    const offer = this.button('设置头像和昵称')
    await offer.or(this.nickname).waitFor()
    if (await this.nickname.isVisible()) return
    await offer.click()
    await this.privacy.locator('wx-button', { hasText: exactly('同意') }).click()
    await this.nickname.waitFor()
  }

  async fillNickname(nickname) {
    await this.openForm()
    await this.nickname.fill(nickname)
  }

  async logInAs(nickname) {
    await this.openLogin()
    await this.fillNickname(nickname)
    await this.button('登录').click()
    await this.member.waitFor()
  }

  async openAccount() {
    await this.openLogin()
    await this.button('使用账号登录').click()
    await this.onPage('account').waitFor()
  }

  async fillAccount({ username, password }) {
    const fields = this.onPage('account').locator('wx-input input')
    await fields.first().fill(username)
    await fields.last().fill(password)
  }

  /** Registers, and so logs in, from the home page. */
  async register(account) {
    await this.openAccount()
    await this.button('注册新账号').click()
    await this.fillAccount(account)
    await this.button('注册').click()
    await this.member.waitFor()
  }

  async openMe() {
    await this.member.click()
    await this.onPage('me').locator('.row').first().waitFor()
  }

  async openBinding() {
    await this.openMe()
    await this.button('绑定账号').click()
    await this.onPage('account').waitFor()
  }

  async logOut() {
    await this.openMe()
    await this.button('退出登录').click()
    await this.choice('退出').click()
    await this.invitation.waitFor()
  }

  /** The value of a row of the me page. */
  row(label) {
    return this.top.locator('.row').filter({ hasText: label }).locator('.row__value')
  }

  /** Waits until the toast says `text`: it may take the place of another. */
  async toasts(text) {
    await this.toast.filter({ hasText: exactly(text) }).waitFor()
  }

  /** The rows of the me page that have a value, by label. */
  async details() {
    const rows = await this.top.locator('.row:has(.row__value)').all()
    const pairs = rows.map(async (row) => [
      await row.locator('.row__label').innerText(),
      await row.locator('.row__value').innerText(),
    ])
    return Object.fromEntries(await Promise.all(pairs))
  }
}

/** Rejects when the page reports an error for the first time, be it uncaught or on its console. */
function firstTrouble(page) {
  const trouble = new Promise((_, reject) => {
    page.on('pageerror', reject)
    page.on('console', (message) => {
      if (message.type() === 'error') reject(new Error(`${message.text()} (${message.location().url})`))
    })
  })
  trouble.catch(() => {}) // most visits look at the screen only
  return trouble
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
    return this.requests('auth/login_by_weixin').length
  }

  /** The requests to an endpoint of the backend, as wx.request was asked for them. */
  requests(endpoint) {
    return this.asked
      .filter(({ pathname }) => pathname === '/native/request')
      .map(({ body }) => JSON.parse(body))
      .filter(({ url }) => url.endsWith(`/${endpoint}`))
  }
}

/** Two whole taps within one turn: before any screen could show that the first has been taken. */
export function tapTwice(button) {
  return button.evaluate((element) => {
    for (const type of ['mousedown', 'mouseup', 'mousedown', 'mouseup']) {
      element.dispatchEvent(new MouseEvent(type, { bubbles: true, clientX: 10, clientY: 10 }))
    }
  })
}
