// The functions `login` and `sign` of the app's dialect, as the module calls them: interface `Host` in weapp_login.d.ts.
import { copyOfArgument } from './copy.js'
import { inTime } from './in-time.js'
import { loginError } from './login-error.js'

const STEPS = ['send', 'nextCode']

/** The options as they are now, with a copy of the dialect and its functions: the other objects in them are the app's, to be used. */
export function copyOfOptions(options) {
  const given = (options && options.dialect) || {}
  const { dialect } = copyOfArgument({ dialect: options && options.dialect })
  for (const name of Object.keys(given)) if (typeof given[name] === 'function') dialect[name] = given[name]
  return Object.assign({}, options, { dialect })
}

/** `step(name, argument)` calls the module's own method for a step of a login. */
export function appFunctions(dialect, step) {
  return (name, given, ms) => {
    let over = false
    let failure // of the last step
    const end = () => {
      over = true
    }
    const fail = (error) => {
      failure = error
      throw error
    }
    const take = (what) => async (argument) => {
      if (over) throw loginError('logged_out', 'this login is over')
      return step(what, copied(argument)).catch(fail)
    }
    const work = async () => {
      const own = copied(given)
      if (name === 'login') for (const what of STEPS) own[what] = take(what)
      return { done: copied(await dialect[name](own)) }
    }
    // Nothing of what was thrown is shown: there may be a secret in it.
    const answer = inTime(work().catch((error) => (error !== undefined && error === failure ? { failed: true } : {})), ms, `dialect.${name}`)
    answer.then(end, end)
    return { answer, abort: end }
  }
}

const copied = (value) => copyOfArgument({ value }).value
