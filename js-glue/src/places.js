// WeChat sends ten requests at a time and queues the others, while their time runs. So the client itself keeps what is too much for
// `wx`, and one of the ten places for its logins.
import { loginError } from './login-error.js'

const MOST = 9

export function createPlaces(most = MOST) {
  if (!(Number.isInteger(most) && most >= 1 && most <= MOST)) {
    throw loginError('invalid_config', `option \`maxParallel\` must be a whole number from 1 to ${MOST}`, { field: 'maxParallel' })
  }
  const waiting = []
  let free = most

  function next() {
    free += 1
    if (waiting.length > 0) waiting.shift()()
  }

  /** Starts a task as soon as there is a place for it. `start` gives a task: what it answers with, and how to abort it. */
  return function enter(start) {
    let task
    let begin
    let refuse
    const answer = new Promise((resolve, reject) => {
      refuse = reject
      begin = () => {
        free -= 1
        task = start()
        task.answer.then(next, next)
        resolve(task.answer)
      }
    })
    const abort = () => {
      const place = waiting.indexOf(begin)
      if (place >= 0) {
        waiting.splice(place, 1)
        refuse({ errMsg: 'request:fail abort' })
      }
      if (task) task.abort()
    }
    if (free > 0) begin()
    else waiting.push(begin)
    return { answer, abort }
  }
}
