/** The App object and the two events of its life: coming to the foreground and leaving it. */
export class AppLifeCycle {
  app = undefined
  showListeners = new Set()
  hideListeners = new Set()

  constructor({ path, query, scene }) {
    this.options = { path, query, scene }
  }

  register(definition) {
    this.app = definition
  }

  launch() {
    this.app?.onLaunch?.(this.options)
    this.app?.onShow?.(this.options)
  }

  /** From now on follows the browser tab: a hidden tab is an app in the background. */
  onVisibilityChange(page) {
    document.addEventListener('visibilitychange', () => {
      if (document.hidden) {
        page.hide()
        this.app?.onHide?.()
        this.hideListeners.forEach((listener) => listener({ reason: 0 }))
      } else {
        this.app?.onShow?.(this.options)
        this.showListeners.forEach((listener) => listener(this.options))
        page.show()
      }
    })
  }
}
