import { make, makeButton } from './dom.js'

/** Stands above the keyboard while a nickname is typed, and offers the one that WeChat knows. */
export class NicknameBar {
  element = null

  constructor(screen, texts) {
    this.screen = screen
    this.texts = texts
  }

  show(nickName, accept) {
    this.hide()
    const offer = makeButton('mp-nickname-offer', nickName, accept)
    // The field keeps the focus, or the bar would be gone before it is tapped.
    offer.addEventListener('mousedown', (event) => event.preventDefault())
    this.element = make('div', 'mp-nickname', make('span', '', this.texts.wechatNickname), offer)
    this.screen.append(this.element)
  }

  hide() {
    this.element?.remove()
    this.element = null
  }
}
