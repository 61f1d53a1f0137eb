// What the module asks of the values that pass through it, each in one call. Where a getter or a proxy throws, it counts as
// missing: what goes through the module as an exception ends what the module was about to do.

/** The field, unless it is null or undefined; nothing of what has no fields. */
export function field(value, key) {
  try {
    return value[key]
  } catch (error) {
    return undefined
  }
}

export function text(value, key) {
  const found = field(value, key)
  return typeof found === 'string' ? found : undefined
}

export function number(value, key) {
  return asNumber(field(value, key))
}

/** NaN if it is none: a number crosses as it is, a missing one by way of the memory. */
export function asNumber(value) {
  return typeof value === 'number' ? value : NaN
}

export function object(value, key) {
  const found = field(value, key)
  return isObject(found) ? found : undefined
}

/** Whether a value has named fields. */
export function isObject(value) {
  try {
    return typeof value === 'object' && value !== null && !Array.isArray(value)
  } catch (error) {
    return false // a proxy that was revoked
  }
}

/** A new object with the fields of this one; what is no object, as it is. */
export function copy(value) {
  return isObject(value) ? merged(value) : value
}

/** A new object with the fields of both; those of the second over those of the first. */
export function merged(first, second) {
  try {
    return Object.assign({}, first, second)
  } catch (error) {
    return oneByOne([first, second])
  }
}

// Slower, but past what throws.
function oneByOne(sources) {
  const copy = {}
  for (const source of sources) {
    for (const key of keys(source)) copy[key] = field(source, key)
  }
  return copy
}

/** A new object with the fields of this one, without those called `key` in letters of either case, and those that are
 *  null. */
export function without(value, key) {
  const copy = {}
  for (const name of keys(value)) {
    const found = field(value, name)
    if (name.toLowerCase() !== key.toLowerCase() && found !== undefined && found !== null) copy[name] = found
  }
  return copy
}

/** The name of an object's own field at that place. */
export function key(value, index) {
  return keys(value)[index]
}

function keys(value) {
  try {
    return Object.keys(value)
  } catch (error) {
    return [] // what is no object has none
  }
}

/** The items of a list, if they are integers of 32 bits. */
export function integers(value) {
  try {
    const items = Array.isArray(value) ? Array.from(value) : [undefined] // holes are no integers either
    return items.every((item) => item === (item | 0)) ? items : undefined
  } catch (error) {
    return undefined
  }
}
