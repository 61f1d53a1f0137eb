const twoDigits = (number) => String(number).padStart(2, '0')

/** A time such as `2026-11-27 08:05` on the phone's own clock, of an RFC 3339 text. */
function localTime(text) {
  const time = new Date(text)
  const day = [time.getFullYear(), time.getMonth() + 1, time.getDate()].map(twoDigits).join('-')
  return `${day} ${twoDigits(time.getHours())}:${twoDigits(time.getMinutes())}`
}

module.exports = { localTime }
