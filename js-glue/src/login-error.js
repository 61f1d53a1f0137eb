// The errors that arise before the module is there; the module's own look the same.
export function loginError(code, message, details) {
  return Object.assign(new Error(message), { name: 'LoginError', code }, details)
}
