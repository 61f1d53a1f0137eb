import { askForPhoneNumber, askForProfile } from './consent.js'
import { make } from './dom.js'
import { askModal } from './modal.js'
import { NavigationBar } from './navigation-bar.js'
import { NicknameBar } from './nickname-bar.js'
import { chooseAvatar } from './avatar-sheet.js'
import { statusBar } from './status-bar.js'
import { Toast } from './toast.js'

/** The phone on the desk: its screen, and what WeChat itself draws over a mini-program. */
export class Phone {
  pages = make('main', 'mp-pages')

  /** `texts` are WeChat's own, see texts.js. */
  constructor(parent, appName, texts) {
    this.appName = appName
    this.texts = texts
    this.navigationBar = new NavigationBar(texts)
    this.screen = make('div', 'mp-screen', statusBar(), this.navigationBar.element, this.pages)
    this.toast = new Toast(this.screen)
    this.nicknameBar = new NicknameBar(this.screen, texts)
    parent.append(make('div', 'mp-phone', this.screen))
  }

  /** How large one rem is. */
  setTextSize(px) {
    document.documentElement.style.fontSize = `${px}px`
  }

  askModal(options) {
    return askModal(this.screen, options, this.texts)
  }

  askForProfile(request) {
    return askForProfile(this.screen, { ...request, appName: this.appName }, this.texts)
  }

  askForPhoneNumber(number) {
    return askForPhoneNumber(this.screen, { number, appName: this.appName }, this.texts)
  }

  get privacyContractName() {
    return this.texts.privacyContract(this.appName)
  }

  /** WeChat's own question, where the app has none. */
  async askForPrivacy() {
    const { privacyContractName: title } = this
    const { confirm } = await this.askModal({ title, content: this.texts.privacyQuestion, confirmText: this.texts.agree, cancelText: this.texts.refuse })
    return confirm
  }

  showPrivacyContract() {
    return this.askModal({ title: this.privacyContractName, content: this.texts.privacyContractText, showCancel: false })
  }

  chooseAvatar() {
    return chooseAvatar(this.screen, this.texts)
  }

  offerNickname(nickName, accept) {
    this.nicknameBar.show(nickName, accept)
  }

  withdrawNickname() {
    this.nicknameBar.hide()
  }
}
