import { launchBrowser } from './browser.mjs'
import { Demo } from './demo.mjs'
import { startBackend, startPreview, TemporaryDatabase } from './processes.mjs'

/** What an end-to-end test plays on: a backend with a fresh database, the preview before it, and a browser. */
export class Stage {
  async set() {
    this.database = new TemporaryDatabase()
    this.backend = await startBackend(this.database)
    this.preview = await startPreview(this.backend.url)
    this.browser = await launchBrowser()
  }

  /** The demo on a new phone, opened by a WeChat user of that name, who has logged out. */
  async open(user, options = {}) {
    const demo = await this.phone()
    await demo.open({ user, ...options })
    return demo
  }

  /** A new phone with the demo not opened on it, on which somebody has logged out: nobody is logged in silently there. */
  async phone(preview = this.preview) {
    this.loggedOut ??= this.storageAfterLogout()
    const storage = await this.loggedOut
    const demo = await Demo.onNewPhone(this.browser, preview.url)
    await demo.page.addInitScript((entries) => {
      if (localStorage.length > 0) return // it was opened before
      for (const [key, value] of entries) localStorage.setItem(key, value)
    }, storage)
    return demo
  }

  /** A new phone on which the demo has never been opened. */
  newPhone(preview = this.preview) {
    return Demo.onNewPhone(this.browser, preview.url)
  }

  /** What a visitor leaves in the storage who was logged in and has logged out. */
  async storageAfterLogout() {
    const demo = await this.newPhone()
    await demo.open({ user: 'somebody-before' })
    await demo.member.waitFor()
    await demo.logOut()
    const entries = await demo.page.evaluate(() => Object.entries(localStorage))
    await demo.page.context().close()
    return entries.filter(([key]) => key.startsWith('wx:'))
  }

  /** Starts the backend again where it was, over the same database. */
  async restartBackend() {
    this.backend = await startBackend(this.database, { port: this.backend.port })
  }

  /** Takes down what stands, also when the stage was never set as a whole. */
  async strike() {
    await this.browser?.close()
    await this.preview?.stop()
    await this.backend?.stop()
    this.database?.remove()
  }
}
