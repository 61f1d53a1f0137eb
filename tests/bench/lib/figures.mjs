// What the tables, the verdicts and the picture take from the measurements.
import { BARE, NO_WASM, OURS } from './subjects.mjs'

const ROUND_TRIP_MS = 102 // one asynchronous call and the network
const LOGIN_MS = 2 + ROUND_TRIP_MS // wx.login and the post
const PARALLEL = 10

export const of = (rows, engine, subject) => rows.find((row) => row.engine === engine && row.subject === subject)

// Every request fails, somebody signs in, every request is sent once more.
export const floorMs = (size) => 2 * Math.ceil(size / PARALLEL) * ROUND_TRIP_MS + LOGIN_MS

export const overFloor = ({ virtualMs, time, size }, which = 'typical') => (virtualMs + time[which]) / floorMs(size)

// What a request costs more than a bare one.
export const overhead = (rows, row) => {
  const bare = of(rows, row.engine, BARE)
  const more = (which) => row.time[which] - bare.time[which]
  return { us: more('typical'), leastUs: more('least'), ratio: row.modelledMs / bare.modelledMs }
}

export const inUse = ({ heap, wasm }) => heap + wasm

// By how many bytes it has grown from the first mark to the last.
export const growth = (points) => inUse(points[points.length - 1]) - inUse(points[0])

// Who does better than ours in the same engine, by a measure that is better when smaller.
export const better = (rows, measure) => rows.flatMap((row) => {
  const ours = of(rows, row.engine, OURS)
  const factor = measure(ours) / measure(row)
  return ![OURS, NO_WASM, BARE].includes(row.subject) && factor > 1.05 ? [{ ...row, factor }] : []
})
