// The promises that the module has given, by the number that it knows each by.
const given = {}

export function promise(number) {
  return new Promise((resolve, reject) => {
    given[number] = { resolve, reject }
  })
}

/** Settles a promise; does nothing if there is none of that number. */
export function fulfil(number, resolved, value) {
  const found = given[number]
  delete given[number]
  if (found) found[resolved ? 'resolve' : 'reject'](value)
}
