/** Whether a version of the base library, such as `2.27.0`, comes before another one. */
export function isOlder(version, than) {
  const [left, right] = [version, than].map((text) => text.split('.').map(Number))
  const differing = left.findIndex((part, i) => part !== right[i])
  return differing >= 0 && left[differing] < right[differing]
}
