/** A refusal or failure, told to the caller as `{ errMsg: 'NAME:fail REASON', ...fields }`. */
export class ApiFailure extends Error {
  constructor(reason, fields = {}) {
    super(reason)
    this.fields = fields
  }
}

/** An interface that answers through callbacks alone, as the older ones do. */
export function callbackApi(name, run) {
  return (options = {}) => {
    settle(name, run, options).then((outcome) => callBack(options, outcome))
  }
}

/** An interface that answers through callbacks, or through a promise when the caller passes none. */
export function promiseApi(name, run) {
  return (options = {}) => {
    const settled = settle(name, run, options)
    if (options.success || options.fail || options.complete) {
      settled.then((outcome) => callBack(options, outcome))
      return undefined
    }
    return settled.then(({ ok, result }) => (ok ? result : Promise.reject(result)))
  }
}

/** Runs an interface and waits for its outcome. Starts at once: it may ask whether a tap is being handled. */
export async function settle(name, run, options) {
  try {
    const result = await run(options)
    return { ok: true, result: { errMsg: `${name}:ok`, ...result } }
  } catch (error) {
    const reason = error.message ? ` ${error.message}` : ''
    return { ok: false, result: { errMsg: `${name}:fail${reason}`, ...error.fields } }
  }
}

/** Tells the outcome; a callback that throws keeps none of the others from being called. */
export function callBack(options, { ok, result }) {
  const callbacks = [ok ? options.success : options.fail, options.complete]
  for (const callback of callbacks) {
    try {
      callback?.(result)
    } catch (error) {
      reportError(error)
    }
  }
}
