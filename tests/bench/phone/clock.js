// Two clocks behind one face: one on which the modelled costs pass exactly and at once, one on which everything is free.
'use strict'

const createTimers = () => {
  const timers = new Map()
  let last = 0
  return {
    start: (callback, at) => {
      last += 1
      timers.set(last, { callback, at })
      return last
    },
    stop: (id) => { timers.delete(id) },
    takeEarliest: () => {
      let first
      timers.forEach((timer, id) => {
        if (!first || timer.at < first.timer.at) first = { timer, id }
      })
      if (first) timers.delete(first.id)
      return first && first.timer
    },
  }
}

// `startTurn(callback)` calls back in a later turn of the engine's event loop; `costs` says how long an answer takes.
const createVirtualClock = (startTurn, costs) => {
  const timers = createTimers()
  const turn = () => new Promise(startTurn)
  let now = Date.now()
  const after = (ms, callback) => timers.start(callback, now + (ms || 0))

  return {
    now: () => now,
    spend: (ms) => { now += ms },
    soon: (callback, from = 'bridge') => after(costs[from], callback),
    setTimeout: (callback, ms) => after(ms, callback),
    clearTimeout: timers.stop,

    // Moves on until `work` has ended, or nothing is left that could end it.
    run: async (work) => {
      let ended = false
      const end = () => { ended = true }
      work.then(end, end)
      for (;;) {
        await turn()
        const next = ended ? undefined : timers.takeEarliest()
        if (!next) return
        now = Math.max(now, next.at)
        next.callback()
      }
    },
  }
}

// Answers come in a microtask: what is left to measure is processor time. Timers never ring.
const createFreeClock = (startTurn) => {
  const timers = createTimers()
  const done = Promise.resolve()
  return {
    now: Date.now,
    spend: () => {},
    soon: (callback) => { done.then(callback) },
    setTimeout: (callback, ms) => timers.start(callback, ms),
    clearTimeout: timers.stop,
    // All microtasks are over when the next turn comes.
    run: () => new Promise(startTurn),
  }
}

module.exports = { createVirtualClock, createFreeClock }
