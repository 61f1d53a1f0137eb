// The promises that the module has given, by the number that it knows each by.
const given = {}

export function promise(number) {
  const promise = new Promise((resolve, reject) => {
    given[number] = { resolve, reject }
  })
  given[number].promise = promise
  return promise
}

export function fulfil(number, resolved, value) {
  const found = taken(number)
  if (found) found[resolved ? 'resolve' : 'reject'](value)
}

/** Rejects a promise that nobody has got: the call that was to give it has thrown. */
export function abandon(number, error) {
  const { promise, reject } = taken(number)
  promise.then(undefined, () => {})
  reject(error)
}

function taken(number) {
  const found = given[number]
  delete given[number] // before a listener can make the next promise of this number
  return found
}
