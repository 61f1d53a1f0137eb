// What was aimed for, and whether it is met.
import { JIT, NO_JIT, V8 } from './engines.mjs'
import { growth, of, overFloor, overhead } from './figures.mjs'
import { digits, kilobytes, spread } from './statistics.mjs'
import { OURS, TUTORIAL, labels } from './subjects.mjs'

const ENGINES = [V8, JIT, NO_JIT]
const OVERHEAD_OF_ALOVA = 0.5
const OVERHEAD_NO_JIT_US = 282 // twice what it was in November 2026, before the boundary was made of crates
const NO_GROWTH_BYTES = 64 * 1024 // the engines' own bookkeeping comes and goes by a few of these

const verdict = (aim, found, met) => ({ aim, found, met: met ? 'met' : '**not met**' })

// Of a time, which other work on the machine makes longer.
const timeVerdict = (aim, found, { typical, least, most }) => ({
  ...verdict(aim, found, typical <= most),
  ...(typical > most && least <= most && { met: 'met by the fastest only' }),
})

const coldStart = ({ cold }) => ['alova', 'axios'].map((rival) => {
  const [ours, theirs] = [OURS, rival].map((subject) => of(cold, V8, subject).time)
  return timeVerdict(
    `cold start in ${V8}: no slower than ${labels[rival]}`,
    `${spread(ours)} ms against ${spread(theirs)} ms`, { ...ours, most: theirs.typical },
  )
})

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

const requestOverhead = ({ request }) => {
  const overheadOf = (engine, subject) => overhead(request, of(request, engine, subject))
  const verdictOf = (aim, engine, most, told) => {
    const { us: typical, leastUs: least } = overheadOf(engine, OURS)
    return timeVerdict(aim, `${digits(typical)} µs; the fastest ${digits(least)} µs${told}`, { typical, least, most })
  }
  const alova = overheadOf(V8, 'alova').us
  return [
    verdictOf(`request in ${V8}: at most half of alova's processor over a bare one`, V8, alova * OVERHEAD_OF_ALOVA, `; alova's ${digits(alova)} µs`),
    verdictOf(`request in ${NO_JIT}: at most ${OVERHEAD_NO_JIT_US} µs of processor over a bare one`, NO_JIT, OVERHEAD_NO_JIT_US, ''),
  ]
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
    `memory in ${engine}: at most ${kilobytes(NO_GROWTH_BYTES)} of growth from 100 to 10,000 logins and logouts`,
    `${found[0]} (the tutorial's: ${found[1]}); with optimized code, ${found[2]} (${found[3]})`,
    growth(ours.steady) <= NO_GROWTH_BYTES,
  )
}

const inEachEngine = (aim) => (measurements) => ENGINES.flatMap((engine) => aim(engine, measurements))

export const verdicts = (measurements) =>
  [coldStart, requestOverhead, ...[bridge, tenTimes, modelledRequest, storm, memory].map(inEachEngine)]
    .flatMap((aim) => aim(measurements))
