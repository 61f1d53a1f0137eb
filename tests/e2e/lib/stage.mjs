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

  /** The demo on a new phone, opened by a WeChat user of that name. */
  async open(user, options = {}) {
    const demo = await this.phone()
    await demo.open({ user, ...options })
    return demo
  }

  /** A new phone, with the demo not yet opened. */
  phone(preview = this.preview) {
    return Demo.onNewPhone(this.browser, preview.url)
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
