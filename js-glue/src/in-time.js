/** What `promise` comes to; rejects if it has not answered after `ms`. */
export function inTime(promise, ms, what) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`${what} does not answer`)), ms)
    const stopTimer = () => clearTimeout(timer)
    Promise.resolve(promise).then(resolve, reject).then(stopTimer, stopTimer)
  })
}
