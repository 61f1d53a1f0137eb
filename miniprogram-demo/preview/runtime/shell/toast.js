import { make } from './dom.js'

/** WeChat's toast: one at a time, the last one wins. */
export class Toast {
  element = null
  timer = undefined

  constructor(screen) {
    this.screen = screen
  }

  /** Without a duration it stays until it is hidden. */
  show({ title = '', icon, mask, duration }) {
    this.hide()
    const sign = icon === 'none' ? [] : [make('i', `mp-sign mp-sign-${icon}`)]
    const box = make('div', `mp-toast${icon === 'none' ? ' mp-toast-text' : ''}`, ...sign, make('p', '', title))
    box.setAttribute('role', 'status')
    this.element = make('div', `mp-toast-layer${mask ? ' mp-masked' : ''}`, box)
    this.screen.append(this.element)
    if (duration) this.timer = setTimeout(() => this.hide(), duration)
  }

  hide() {
    clearTimeout(this.timer)
    this.element?.remove()
    this.element = null
  }
}
