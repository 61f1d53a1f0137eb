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

/** Whether both are the same text or the same number. */
export function is(value, other) {
  return value === other && (typeof value === 'string' || typeof value === 'number')
}

/** Whether a value has named fields. */
export function isObject(value) {
  try {
    return typeof value === 'object' && value !== null && !Array.isArray(value)
  } catch (error) {
    return false // a proxy that was revoked
  }
}

/** A new object with the fields of both, those of the second over those of the first; what is no object, as it is. */
export function merged(first, second) {
  try {
    return isObject(first) ? Object.assign({}, first, second) : first
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

/** A copy of the options of a request, with this header once, or as they were given; without headers that are null. */
export function withHeader(options, name, value) {
  const header = without(field(options, 'header'), value && name)
  if (value) header[name] = value
  return merged(options, { header })
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

/** The claims of a JWT, if it is one. Their numbers are looked for; texts in there, whatever they are, need not be read right. */
export function claims(token) {
  try {
    const [, payload] = /^[^.]*\.([\w-]*)(\.|$)/.exec(token)
    let json = ''
    let bits = 0
    for (let i = 0; i < payload.length; i++) {
      const code = payload.charCodeAt(i)
      const digit = code > 96 ? code - 71 : code > 64 ? code - 65 : code > 47 ? code + 4 : 62
      bits = (bits << 6) | (code === 95 ? 63 : digit)
      if (i % 4) json += String.fromCharCode((bits >> (6 - 2 * (i % 4))) & 255)
    }
    return fromJson(json)
  } catch (error) {
    return undefined
  }
}

/** What the JSON says; undefined if it is none. */
export function fromJson(json) {
  try {
    return JSON.parse(json)
  } catch (error) {
    return undefined
  }
}

/** The integer of 32 bits at that place of a list, Infinity behind its end; NaN if it is none, or if this is no list. */
export function integer(value, index) {
  try {
    if (!Array.isArray(value)) return NaN
    const item = index < value.length ? value[index] : Infinity
    return item === (item | 0) || item === Infinity ? item : NaN
  } catch (error) {
    return NaN
  }
}
