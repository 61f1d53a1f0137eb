// The promises that the module has given, by the number that it knows each by.
const given = {}

export function promise(number) {
  return new Promise((resolve, reject) => {
    given[number] = { resolve, reject }
  })
}

export function fulfil(number, resolved, value) {
  const { resolve, reject } = given[number]
  delete given[number] // before a listener can make the next promise of this number
  if (resolved) resolve(value)
  else reject(value)
}
