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
  navigationBar = new NavigationBar()
  pages = make('main', 'mp-pages')
  screen = make('div', 'mp-screen', statusBar(), this.navigationBar.element, this.pages)
  toast = new Toast(this.screen)
  nicknameBar = new NicknameBar(this.screen)

  constructor(parent, appName) {
    this.appName = appName
    parent.append(make('div', 'mp-phone', this.screen))
  }

  askModal(options) {
    return askModal(this.screen, options)
  }

  askForProfile(request) {
    return askForProfile(this.screen, { ...request, appName: this.appName })
  }

  askForPhoneNumber(number) {
    return askForPhoneNumber(this.screen, { number, appName: this.appName })
  }

  chooseAvatar() {
    return chooseAvatar(this.screen)
  }

  offerNickname(nickName, accept) {
    this.nicknameBar.show(nickName, accept)
  }

  withdrawNickname() {
    this.nicknameBar.hide()
  }
}
