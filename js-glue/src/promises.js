// The promises that the module has given, by the number that it knows each by.
const given = new Map()

export function promise(number) {
  return new Promise((resolve, reject) => {
    given.set(number, { resolve, reject })
  })
}

/** Settles a promise; does nothing if there is none of that number. */
export function fulfil(number, resolved, value) {
  const found = given.get(number)
  given.delete(number)
  if (found) found[resolved ? 'resolve' : 'reject'](value)
}
