// Whether this phone runs the login module, and how fast: what no test on a computer can tell.
const { reportOf } = require('./report.js')
const { NAMES, runChecks } = require('./run.js')
const { fill, inPhoneLanguage } = require('../../utils/language.js')

const t = inPhoneLanguage(require('../../texts/self-test.js'))

Page({
  data: {
    t,
    rows: NAMES.map((name) => row(name, { state: 'waiting' })),
    running: false,
    summary: t.hint,
    report: '',
  },

  onLoad() {
    wx.setNavigationBarTitle({ title: t.title })
  },

  async run() {
    if (this.data.running) return
    this.setData({ running: true, report: '', summary: t.working, rows: NAMES.map((name) => row(name, { state: 'waiting' })) })
    const outcome = await runChecks((name, result) => this.show(name, result))
    const failed = outcome.results.filter(({ state }) => state === 'failed').length
    const summary = failed === 0 ? fill(t.allPassed, { engine: outcome.engine }) : fill(t.someFailed, { failed })
    this.setData({ running: false, summary, report: reportOf(outcome) })
  },

  show(name, result) {
    this.setData({ [`rows[${NAMES.indexOf(name)}]`]: row(name, result) })
  },

  copy() {
    wx.setClipboardData({ data: this.data.report })
  },
})

function row(name, { state, ms, code, message }) {
  return {
    name,
    state,
    title: t.checks[name],
    mark: t.marks[state],
    time: ms === undefined ? '' : fill(t.ms, { ms }),
    problem: state === 'failed' ? fill(t.problem, { reason: code === 'deadline' ? t.deadline : t.failures[name], code, message }) : '',
  }
}
