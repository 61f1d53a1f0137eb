// What the module asks of the values that pass through it, each in one call. Whatever a getter throws counts as missing:
// it must not go through the module, which would leave a promise pending.

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
  const found = field(value, key)
  return typeof found === 'number' ? found : undefined
}

export function object(value, key) {
  const found = field(value, key)
  return isObject(found) ? found : undefined
}

/** Whether a value has named fields. */
export const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value)

/** A new object with the fields of both; those of the second over those of the first. */
export function merged(first, second) {
  const copy = {}
  try {
    Object.assign(copy, first, second)
  } catch (error) {
    // What is behind a getter that throws counts as missing, too.
  }
  return copy
}
