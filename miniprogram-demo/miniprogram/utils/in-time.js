/** What `promise` comes to; rejects with the code `deadline` if that takes longer than `ms`. */
function inTime(promise, ms) {
  return new Promise((resolve, reject) => {
    const tooLate = Object.assign(new Error(`no end after ${ms / 1000} s`), { code: 'deadline' })
    const timer = setTimeout(() => reject(tooLate), ms)
    const stopTimer = () => clearTimeout(timer)
    promise.then(resolve, reject).then(stopTimer, stopTimer)
  })
}

module.exports = { inTime }
