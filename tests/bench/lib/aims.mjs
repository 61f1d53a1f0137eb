// What was aimed for, and whether it is met.
import { JIT, NO_JIT, V8 } from './engines.mjs'
import { growth, of, overFloor, overhead } from './figures.mjs'
import { digits, kilobytes, spread } from './statistics.mjs'
import { OURS, TUTORIAL } from './subjects.mjs'

const ENGINES = [V8, JIT, NO_JIT]
const COLD_MS = { [V8]: 10, [JIT]: 15, [NO_JIT]: 15 }
const OVERHEAD_US = { [V8]: 30, [JIT]: 30, [NO_JIT]: 150 }
const NO_GROWTH_BYTES = 16 * 1024 // the engines' own bookkeeping comes and goes by that much: 2 bytes a login

const verdict = (aim, found, met) => ({ aim, found, met: met ? 'met' : '**not met**' })

// Of a time, which other work on the machine makes longer.
const timeVerdict = (aim, found, { typical, least, most }) => ({
  ...verdict(aim, found, typical <= most),
  ...(typical > most && least <= most && { met: 'met by the fastest only' }),
})

const coldStart = (engine, { cold }) => {
  const { time } = of(cold, engine, OURS)
  const most = COLD_MS[engine]
  return timeVerdict(`cold start in ${engine}: at most ${most} ms`, `${spread(time)} ms`, { ...time, most })
}

const bridge = (engine, { checkLogin, session }) => {
  const calls = of(checkLogin, engine, OURS).bridgeCalls + of(session, engine, OURS).bridgeCalls
  return verdict(`warm \`checkLogin()\` and \`session\` in ${engine}: 0 bridge calls`, String(calls), calls === 0)
}

const tenTimes = (engine, { checkLogin }) => {
  const times = of(checkLogin, engine, TUTORIAL).modelledMs / of(checkLogin, engine, OURS).modelledMs
  return verdict(
    `warm \`checkLogin()\` in ${engine}, modelled costs: at least 10 times faster than the tutorial's`,
    `${digits(times)} times`, times >= 10,
  )
}

const modelledRequest = (engine, { request }) => {
  const { ratio } = overhead(request, of(request, engine, OURS))
  return verdict(`request in ${engine}, modelled costs: at most 1.1 times a bare one`, `${ratio.toFixed(3)} times`, ratio <= 1.1)
}

const requestOverhead = (engine, { request }) => {
  const { us: typical, leastUs: least } = overhead(request, of(request, engine, OURS))
  const most = OVERHEAD_US[engine]
  return timeVerdict(
    `request in ${engine}: at most ${most} µs of processor more than a bare one`,
    `${digits(typical)} µs; the fastest ${digits(least)} µs`, { typical, least, most },
  )
}

const storm = (engine, { storms }) => storms
  .filter((row) => row.engine === engine && row.subject === OURS)
  .map((row) => {
    const [typical, least] = ['typical', 'least'].map((which) => overFloor(row, which))
    const clean = row.wxLogins === 1 && row.loginPosts === 1 && row.hung + row.rejected === 0
    return timeVerdict(
      `storm of ${row.size} in ${engine}: 1 login, none hung or rejected, at most 1.05 times the floor`,
      `${row.wxLogins} login, ${row.hung + row.rejected} hung or rejected, ${typical.toFixed(3)} times; the fastest ${least.toFixed(3)}`,
      { typical, least, most: clean ? 1.05 : 0 },
    )
  })

const memory = (engine, measurements) => {
  const [ours, tutorial] = [OURS, TUTORIAL].map((subject) => of(measurements.memory, engine, subject))
  const found = [ours.steady, tutorial.steady, ours.optimized, tutorial.optimized].map((points) => kilobytes(growth(points)))
  return verdict(
    `memory in ${engine}: no growth from 100 to 10,000 logins and logouts`,
    `${found[0]} (the tutorial's: ${found[1]}); with optimized code, ${found[2]} (${found[3]})`,
    growth(ours.steady) <= NO_GROWTH_BYTES,
  )
}

export const verdicts = (measurements) => [coldStart, bridge, tenTimes, modelledRequest, requestOverhead, storm, memory]
  .flatMap((aim) => ENGINES.flatMap((engine) => aim(engine, measurements)))
