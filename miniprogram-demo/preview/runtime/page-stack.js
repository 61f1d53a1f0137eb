const LIMIT = 10

/** A navigation that WeChat refuses. */
export class NavigationError extends Error {}

/** The open pages, and the life of each. */
export class PageStack {
  entries = []

  constructor({ miniprogram, define, rendering, phone, theme }) {
    this.define = define
    this.app = miniprogram.app
    this.components = miniprogram.components
    this.rendering = rendering
    this.phone = phone
    this.theme = theme
    theme.onChange(() => this.present())
    phone.navigationBar.onBack = () => this.back(1)
    phone.navigationBar.onHome = () => this.reLaunch(this.app.pages[0], {})
  }

  top() {
    return this.entries.at(-1)
  }

  instances() {
    return this.entries.map(({ instance }) => instance)
  }

  open(path, query) {
    this.mustExist(path)
    if (this.entries.length === LIMIT) throw new NavigationError('webview count limit exceed')
    this.hide()
    this.push(path, query, { animated: true })
  }

  replace(path, query) {
    this.mustExist(path)
    this.pop()
    this.push(path, query)
  }

  reLaunch(path, query) {
    this.mustExist(path)
    while (this.entries.length > 0) this.pop()
    this.push(path, query)
  }

  back(delta) {
    if (this.entries.length === 1) throw new NavigationError('cannot navigate back at first page.')
    const remaining = Math.max(1, this.entries.length - delta)
    while (this.entries.length > remaining) this.pop()
    this.present()
    this.show()
  }

  /** The top page comes before the eyes; its components hear of it before the page does. */
  show() {
    const { root, instance } = this.top()
    root.getComponent().triggerPageLifetime('show', [])
    instance.onShow?.()
  }

  /** The top page goes from before the eyes, if there is one. */
  hide() {
    if (this.entries.length === 0) return
    const { root, instance } = this.top()
    root.getComponent().triggerPageLifetime('hide', [])
    instance.onHide?.()
  }

  /** Gives the top page another title. */
  setTitle(title) {
    this.top().title = title
    this.present()
  }

  /** Scrolls the top page to a height. */
  scrollTo(top) {
    this.top().element.scrollTo({ top })
  }

  mustExist(path) {
    if (!this.app.pages.includes(path)) throw new NavigationError(`page "${path}" is not found`)
  }

  push(path, query, { animated = false } = {}) {
    this.define(path)
    const { element, placeholder } = pageElement(path, animated)
    this.phone.pages.append(element)
    const root = this.rendering.backend.createRoot('mp-page', this.rendering.codeSpace, path)
    const instance = root.get()
    instance.route = path
    instance.options = query
    this.entries.push({ path, element, root, instance })
    instance.onLoad?.(query)
    root.attach(element, placeholder)
    this.present()
    this.show()
    instance.onReady?.()
  }

  pop() {
    const { element, root, instance } = this.entries.pop()
    instance.onUnload?.()
    root.release()
    element.remove()
  }

  /** Shows the top page, and its bar above it. */
  present() {
    const top = this.top()
    for (const entry of this.entries) entry.element.inert = entry !== top
    this.phone.navigationBar.show({
      ...this.theme.resolve({ ...this.app.window, ...this.components[top.path].config }),
      ...(top.title && { navigationBarTitleText: top.title }),
      canGoBack: this.entries.length > 1,
      isHome: top.path === this.app.pages[0],
    })
  }
}

function pageElement(path, animated) {
  const element = document.createElement('page')
  element.dataset.route = path
  element.tabIndex = 0 // it scrolls, also for who has only a keyboard
  element.classList.toggle('mp-entering', animated)
  const placeholder = document.createElement('div')
  element.append(placeholder)
  return { element, placeholder }
}
