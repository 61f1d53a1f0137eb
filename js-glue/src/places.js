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
    if (waiting.length > 0) waiting.shift().begin()
  }

  /** Gives up what still waits for a place: its user has left. */
  function giveUp() {
    for (const { refuse } of waiting.splice(0)) refuse()
  }

  /** Starts a task as soon as there is a place for it. `start` gives a task: what it answers with, and how to abort it. */
  function enter(start) {
    const entry = {}
    let task
    const answer = new Promise((resolve, reject) => {
      entry.refuse = () => reject({ errMsg: 'request:fail abort' })
      entry.begin = () => {
        free -= 1
        task = start()
        task.answer.then(next, next)
        resolve(task.answer)
      }
    })
    const abort = () => {
      const place = waiting.indexOf(entry)
      if (place >= 0) {
        waiting.splice(place, 1)
        entry.refuse()
      }
      if (task) task.abort()
    }
    if (free > 0) entry.begin()
    else waiting.push(entry)
    return { answer, abort }
  }

  return { enter, giveUp }
}
