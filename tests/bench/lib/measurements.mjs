// Everything that is measured, in one run. Who takes turns here meets the same load of the machine.
import { JIT, NO_JIT, V8, perform } from './engines.mjs'
import { summary } from './statistics.mjs'
import { BARE, NO_WASM, OURS, TUTORIAL, clients } from './subjects.mjs'

const COLD_ROUNDS = 31
const WARM_ROUNDS = 4
const STORM_ROUNDS = 9
const STORM_SIZES = [1, 10, 100, 1000]
const MEMORY_MARKS = [100, 10000]

// The rivals run in V8 alone; ours, with and without WebAssembly, and the tutorial's in all engines.
const pairs = [
  ...clients.map((subject) => ({ engine: V8, subject })),
  ...[JIT, NO_JIT].flatMap((engine) => [OURS, NO_WASM, TUTORIAL].map((subject) => ({ engine, subject }))),
]
const baselines = [V8, JIT, NO_JIT].map((engine) => ({ engine, subject: BARE }))

function inTurns(cases, rounds, sample) {
  const samples = cases.map(() => [])
  for (let round = 0; round < rounds; round += 1) {
    cases.forEach((each, i) => samples[i].push(...sample(each)))
  }
  return samples.map(summary)
}

function cold() {
  const prepared = pairs.map((pair) => ({ ...pair, ...perform(pair.engine, pair.subject, 'prepare') }))
  const start = ({ engine, subject, stored }, free) => perform(engine, subject, 'cold', { free, stored })
  const times = inTurns(prepared, COLD_ROUNDS, (each) => [start(each, true).ms])
  return prepared.map((each, i) => {
    const { virtualMs, bridgeCalls } = start(each, false)
    const { engine, subject } = each
    return { engine, subject, time: times[i], bridgeCalls, modelledMs: virtualMs + times[i].typical }
  })
}

function warm(call, cases) {
  const times = inTurns(cases, WARM_ROUNDS, ({ engine, subject }) => perform(engine, subject, 'processor', { call }).samples)
  return cases.map(({ engine, subject }, i) => {
    const { virtualMs, bridgeCalls } = perform(engine, subject, 'modelled', { call })
    return { engine, subject, time: times[i], bridgeCalls, modelledMs: virtualMs + times[i].typical / 1000 }
  })
}

function storms() {
  const cases = pairs.flatMap((pair) => STORM_SIZES.map((size) => ({ ...pair, size })))
  const storm = ({ engine, subject, size }, free) => perform(engine, subject, 'storm', { free, size })
  const times = inTurns(cases, STORM_ROUNDS, (each) => [storm(each, true).ms])
  return cases.map((each, i) => {
    const outcome = storm(each, false)
    return { ...each, ...outcome, time: times[i], modelledMs: outcome.virtualMs + times[i].typical }
  })
}

function memory() {
  return pairs.map(({ engine, subject }) => {
    const [optimized, steady] = [true, false].map((optimizing) =>
      perform(engine, subject, 'memory', { marks: MEMORY_MARKS }, { optimizing }).points)
    return { engine, subject, optimized, steady }
  })
}

// `progress` hears what is being measured.
export function measureAll(progress) {
  const measured = (name, work) => {
    progress(name)
    return work()
  }
  return {
    cold: measured('cold start', cold),
    checkLogin: measured('warm checkLogin()', () => warm('checkLogin', pairs)),
    session: measured('warm session', () => warm('session', pairs)),
    request: measured('requests', () => warm('request', [...baselines, ...pairs])),
    storms: measured('storms', storms),
    memory: measured('memory', memory),
  }
}
