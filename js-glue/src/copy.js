// Copies of what passes between the app and the client: neither sees what the other does to its objects later.
import { loginError } from './login-error.js'

/**
 * A copy of a method's argument as JSON would copy it, but with binary data sliced. What is no object at all is given as it is: the
 * module says which argument it is.
 */
export function copyOfArgument(argument) {
  return isObject(argument) ? copied(argument, '', []) : argument
}

/** A copy of plain data. */
export function copyOf(data) {
  return JSON.parse(JSON.stringify(data))
}

function copied(value, path, parents) {
  if (typeof value === 'bigint') throw refused(path, 'is a BigInt, for which JSON has no form')
  if (!isObject(value)) return value
  const toJSON = field(value, 'toJSON')
  if (typeof toJSON === 'function') return copied(toJSON.call(value, path), path, parents)
  const kind = kindOf(value)
  if (!kind) {
    if (path) throw refused(path, 'cannot be read')
    return false // which the module refuses by the argument's name
  }
  if (/^\[object (Number|String|Boolean)\]$/.test(kind)) return value.valueOf()
  if (kind === '[object ArrayBuffer]') return value.slice(0)
  if (ArrayBuffer.isView(value)) return slicedView(value)
  if (parents.includes(value)) throw refused(path, 'contains itself')
  const below = parents.concat([value])
  const name = (key) => (path ? `${path}.${key}` : key)
  if (Array.isArray(value)) return Array.from(value, (item, index) => jsonIn(copied(item, name(index), below), null))
  const copy = {}
  for (const key of Object.keys(value)) {
    const item = isUsed(key, path) ? field(value, key) : copied(field(value, key), name(key), below)
    const kept = path ? jsonIn(item) : item // the argument's own fields are for the client to judge
    if (kept !== undefined) Object.defineProperty(copy, key, { value: kept, enumerable: true, writable: true, configurable: true })
  }
  return copy
}

// The signal of a request is the app's, to be listened to.
function isUsed(key, path) {
  return key === 'signal' && !path
}

// What JSON makes of a value that is no object.
function jsonIn(value, ofNothing) {
  if (typeof value === 'number' && !isFinite(value)) return null
  return ['undefined', 'function', 'symbol'].includes(typeof value) ? ofNothing : value
}

function slicedView(view) {
  const buffer = view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength)
  return new view.constructor(buffer)
}

// As `[object Array]`; nothing of a proxy that was revoked.
function kindOf(value) {
  try {
    return Object.prototype.toString.call(value)
  } catch (error) {
    if (error instanceof RangeError) throw error // no stack left
    return undefined
  }
}

// A getter that throws counts as missing.
function field(value, key) {
  try {
    return value[key]
  } catch (error) {
    return undefined
  }
}

function isObject(value) {
  return typeof value === 'object' && value !== null
}

function refused(path, problem) {
  return loginError('invalid_argument', `an argument cannot be used: ${path} ${problem}`, { field: path })
}
