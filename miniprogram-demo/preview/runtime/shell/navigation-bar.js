import { make, makeButton } from './dom.js'

/** The bar above every page: title, the way back, and WeChat's capsule. */
export class NavigationBar {
  back = makeButton('mp-back', '', () => this.onBack())
  home = makeButton('mp-home', '', () => this.onHome())
  title = make('h1', 'mp-title')
  capsule = make('div', 'mp-capsule', make('i', 'mp-dots'), make('i', 'mp-ring'))
  element = make('header', 'mp-bar', this.back, this.home, this.title, this.capsule)

  constructor(texts) {
    this.back.setAttribute('aria-label', texts.back)
    this.home.setAttribute('aria-label', texts.home)
    this.capsule.setAttribute('aria-hidden', 'true')
  }

  set titleText(text) {
    this.title.textContent = text
  }

  show(page) {
    this.titleText = page.navigationBarTitleText ?? ''
    this.element.parentElement.style.setProperty('--bar', page.navigationBarBackgroundColor ?? '#ffffff')
    this.element.parentElement.dataset.barText = page.navigationBarTextStyle ?? 'black'
    this.back.hidden = !page.canGoBack
    this.home.hidden = page.canGoBack || page.isHome
  }
}
