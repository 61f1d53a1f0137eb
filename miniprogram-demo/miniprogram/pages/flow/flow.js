// Draws WeChat's login sequence as it happens. It has a client of its own, so that no button here touches the visitor's session.
const { createLogin } = require('../../libs/weapp-login/index.js')
const { clientOptions } = require('../../config.js')
const { faultyWx } = require('../../services/faulty-wx.js')
const { createFlow, STEPS, ON_SERVER } = require('../../services/flow.js')
const { ACTS, perform } = require('../../services/flow-acts.js')
const { watchedWx } = require('../../services/watched-wx.js')
const { fill, inPhoneLanguage } = require('../../utils/language.js')

const t = inPhoneLanguage(require('../../texts/flow.js'))

const STORAGE_KEY = 'weapp-login-demo:flow'

Page({
  data: {
    t,
    acts: ACTS.map((name) => ({ name, title: t.acts[name] })),
    steps: STEPS.map((name, index) => ({ name, number: index + 1, title: t.steps[name], state: 'idle' })),
    facts: [],
    told: t.hint,
    // The name of the act that is under way.
    busy: '',
  },

  onLoad() {
    wx.setNavigationBarTitle({ title: t.title })
    this.flow = createFlow((steps, facts) => this.show(steps, facts))
    this.faults = {}
    const api = watchedWx(faultyWx(this.faults), this.flow.passed)
    this.login = createLogin(Object.assign({}, clientOptions, { storageKey: STORAGE_KEY, wx: api }))
    this.login.onEvent(this.flow.stepped)
  },

  // The login that was made here ends here.
  onUnload() {
    const free = () => this.login.free()
    this.login.logout().then(free, free)
  },

  show(steps, facts) {
    this.setData({ steps: steps.map(present), facts: t.facts.map((fact) => fill(fact, facts)) })
  },

  async act(event) {
    if (this.data.busy) return
    const { name } = event.currentTarget.dataset
    this.setData({ busy: name, told: t.working })
    wx.pageScrollTo({ scrollTop: 0, duration: 200 }) // the diagram may be out of sight
    const { told, values } = await perform(name, this)
    this.setData({ busy: '', told: fill(t.told[told], values) })
  },
})

function present({ name, state, ms, text }, index) {
  const onServer = ON_SERVER.includes(name)
  return {
    name,
    number: index + 1,
    title: t.steps[name],
    state,
    time: state !== 'cached' && ms >= 0 ? fill(t.ms, { ms }) : '',
    text: onServer && state !== 'idle' && state !== 'cached' ? t.onServer : text,
  }
}
