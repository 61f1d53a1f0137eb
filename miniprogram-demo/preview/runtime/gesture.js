/** Knows whether a tap of the user's is being handled right now: some of WeChat's interfaces open only from there. */
export class Gesture {
  tapping = false

  during(type, handle) {
    const before = this.tapping
    this.tapping = type === 'tap'
    try {
      return handle()
    } finally {
      this.tapping = before
    }
  }
}
