// Assertions that need nothing but the language: they also run where there is no `assert` module.
'use strict'

// What the fakes put into every token and every login code.
const SECRET = /secret/

const show = (value) => {
  if (value instanceof Error) return `${value.name}: ${value.message}`
  const text = JSON.stringify(value)
  return text === undefined ? String(value) : text
}

const fail = (message) => {
  throw new Error(message)
}

const ok = (value, message) => {
  if (!value) fail(message)
}

const equal = (actual, expected, what) =>
  ok(Object.is(actual, expected), `${what || 'value'}: expected ${show(expected)}, got ${show(actual)}`)

const isObject = (value) => typeof value === 'object' && value !== null

const same = (a, b) => {
  if (!isObject(a) || !isObject(b)) return Object.is(a, b)
  const keys = Object.keys(a)
  return (
    Array.isArray(a) === Array.isArray(b) &&
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.prototype.hasOwnProperty.call(b, key) && same(a[key], b[key]))
  )
}

const deepEqual = (actual, expected, what) =>
  ok(same(actual, expected), `${what || 'value'}: expected ${show(expected)}, got ${show(actual)}`)

const rejection = (promise) =>
  promise.then(
    (value) => fail(`expected a rejection, got ${show(value)}`),
    (reason) => reason,
  )

const ownTexts = (error) => Object.getOwnPropertyNames(error).map((name) => show(error[name]))

const noSecret = (error) =>
  [String(error), JSON.stringify(error)].concat(ownTexts(error)).forEach((text) =>
    ok(!SECRET.test(text), 'an error shows a token or a login code'))

const isLoginError = (error, code, details) => {
  ok(error instanceof Error, `expected an Error, got ${show(error)}`)
  equal(error.name, 'LoginError', 'name')
  equal(error.code, code, `code (of "${error.message}")`)
  ok(typeof error.message === 'string' && error.message !== '', 'an error needs a message')
  Object.keys(details || {}).forEach((key) => deepEqual(error[key], details[key], key))
  noSecret(error)
  return error
}

// The rejection of `promise`, which must be a LoginError with this code and these details.
const loginError = async (promise, code, details) => isLoginError(await rejection(promise), code, details)

const throws = (work, message) => {
  let thrown
  try {
    work()
  } catch (error) {
    thrown = error
  }
  equal(thrown && thrown.message, message, 'what was thrown')
}

module.exports = { ok, equal, deepEqual, throws, rejection, loginError, isLoginError }
