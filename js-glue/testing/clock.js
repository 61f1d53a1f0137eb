// A virtual clock: time passes only in `advance()` and `set()`. The engine's own event loop runs beneath it.
'use strict'

const START = Date.UTC(2025, 0, 15, 8, 0, 0)

exports.createClock = (startTimer) => {
  const timers = new Map()
  let now = START
  let lastTimer = 0
  let coming = 0 // answers that are on their way from the native side
  let settling = 0 // calls of `settle` under way

  const turn = () => new Promise((resolve) => startTimer(resolve, 0))

  // Ends after a whole turn in which everything was still.
  const still = async (isStill) => {
    for (;;) {
      const before = isStill()
      await turn()
      if (before && isStill()) return
    }
  }

  // Ends when nothing is left that could happen at this moment.
  const settle = async () => {
    settling += 1
    await still(() => coming === 0)
    settling -= 1
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

    // Ends when nothing can happen any more unless the clock is moved, and nobody is about to move it.
    standstill: () => still(() => coming === 0 && settling === 0),

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

    // Counts native work that takes its own time.
    during: (promise) => {
      const arrived = () => { coming -= 1 }
      coming += 1
      promise.then(arrived, arrived)
      return promise
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
