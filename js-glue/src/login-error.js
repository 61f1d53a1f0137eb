// The errors that arise before the module is there; the module's own look the same.
export function loginError(code, message, details) {
  return Object.assign(new Error(message), { name: 'LoginError', code }, details)
}

export function isLoginError(error) {
  return error instanceof Error && error.name === 'LoginError'
}

/** What a call rejects with in whose middle the engine threw something of its own. */
export function interrupted(cause) {
  return loginError('interrupted', `the engine broke off in the middle of this: ${reasonOf(cause)}`)
}

/** WeChat fails with plain objects. */
export function reasonOf(cause) {
  return (cause && (cause.errMsg || cause.message)) || String(cause)
}
