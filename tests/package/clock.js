// A clock that moves only when it is told to, and the turns of the engine's event loop under it.
'use strict'

const START = Date.UTC(2025, 0, 15, 8, 0, 0)

exports.createClock = (startTimer) => {
  const timers = new Map()
  let now = START
  let lastTimer = 0
  let coming = 0 // callbacks that are on their way from the native side

  const turn = () => new Promise((resolve) => startTimer(resolve, 0))

  // Ends when nothing is left that could happen at this moment.
  const settle = async () => {
    for (;;) {
      const quiet = coming === 0
      await turn()
      if (quiet && coming === 0) return
    }
  }

  const nextTimerUntil = (end) => {
    const due = Array.from(timers.entries()).filter((entry) => entry[1].at <= end)
    return due.sort((a, b) => a[1].at - b[1].at || a[0] - b[0])[0]
  }

  return {
    now: () => now,
    set: (ms) => { now = ms },
    timersRunning: () => timers.size,
    settle,

    setTimeout: (callback, ms) => {
      lastTimer += 1
      timers.set(lastTimer, { callback, at: now + (ms || 0) })
      return lastTimer
    },
    clearTimeout: (id) => { timers.delete(id) },

    // Calls back in a later turn, as everything does that comes from the native side.
    soon: (callback) => {
      coming += 1
      startTimer(() => {
        coming -= 1
        callback()
      }, 0)
    },

    advance: async (ms) => {
      const end = now + ms
      for (;;) {
        await settle()
        const next = nextTimerUntil(end)
        if (!next) break
        timers.delete(next[0])
        now = Math.max(now, next[1].at)
        next[1].callback()
      }
      now = end
    },
  }
}
