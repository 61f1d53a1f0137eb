import { isOlder } from './versions.js'
import { ApiFailure } from './wx/api.js'

// From this version on WeChat hands out nothing personal before the user has agreed to the app's privacy guide.
const BEGAN_IN = '2.32.3'

const KEY = 'preview:privacy:'

/** Whether the user has agreed to the app's privacy guide. WeChat remembers it for each user, and asks through the app, or by itself. */
export class Privacy {
  listener = undefined
  asking = undefined
  tappedButton = undefined

  constructor({ user, phone, SDKVersion }) {
    this.key = KEY + user.id
    this.phone = phone
    this.isKnown = !isOlder(SDKVersion, BEGAN_IN)
  }

  get needsAuthorization() {
    return this.isKnown && localStorage.getItem(this.key) === null
  }

  /** The user has tapped a button of the open type agreePrivacyAuthorization. */
  agree(buttonId) {
    this.tappedButton = buttonId
    localStorage.setItem(this.key, 'agreed')
  }

  /** Goes on once the user has agreed, and fails for all who wait when the user does not. */
  async require() {
    if (!this.needsAuthorization) return
    this.asking ??= this.ask()
    const agreed = await this.asking
    this.asking = undefined
    if (!agreed) throw new ApiFailure('privacy permission is not authorized', { errno: 104 })
  }

  async ask() {
    if (this.listener) return new Promise((resolve) => this.listener((answer) => this.hear(answer, resolve)))
    const agreed = await this.phone.askForPrivacy()
    if (agreed) this.agree()
    return agreed
  }

  // An app that claims an agreement must name the button by which it was given.
  hear({ event, buttonId }, resolve) {
    if (event === 'agree') resolve(Boolean(buttonId) && buttonId === this.tappedButton)
    if (event === 'disagree') resolve(false)
  }
}
