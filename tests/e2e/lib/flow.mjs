// The page that draws the login sequence, as its visitor sees it.

/** A request of the phone's native side that is held until the test lets it go. */
class Held {
  constructor(route) {
    this.route = route
  }

  /** Waits for it; gives what lets it go on. */
  async arrived() {
    const route = await this.route
    return () => route.continue()
  }
}

export class FlowPage {
  constructor(demo) {
    this.demo = demo
    this.sentence = demo.top.locator('.told')
    this.steps = demo.top.locator('flow-step')
  }

  async tap(name) {
    await this.demo.button(name).click()
  }

  /** Waits until the sentence below the diagram is this one. */
  async says(pattern) {
    await this.sentence.filter({ hasText: pattern }).waitFor()
    await this.demo.top.locator('.act:not([disabled])').first().waitFor()
  }

  /** The states of the seven steps. */
  async states() {
    await this.steps.last().waitFor()
    return this.steps.evaluateAll((elements) => elements.map(({ firstElementChild }) => /step--(\w+)/.exec(firstElementChild.className)[1]))
  }

  /** Waits until the steps are in these states. */
  async hasStates(states) {
    const selectors = states.map((state, index) => `flow-step:nth-of-type(${index + 1}) [class*="step--${state}"]`)
    for (const selector of selectors) await this.demo.top.locator(selector).first().waitFor()
  }

  /** Waits until the step of this number is under way. */
  async running(number) {
    await this.steps.nth(number - 1).locator('[class*="step--running"]').waitFor()
  }

  /** Holds the next request to the phone's native side at `path`. */
  async hold(path) {
    let arrived
    const route = new Promise((resolve) => {
      arrived = resolve
    })
    await this.demo.page.route(`**${path}`, arrived, { times: 1 })
    return new Held(route)
  }
}
