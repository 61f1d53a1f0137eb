// Time per call, in batches that are long against the clock's resolution and short against the slices in which the system
// gives out its processors: most batches are then not interrupted, whatever else runs.
'use strict'

const BATCH_MS = 1
const WARM_UP_BATCHES = 1000 // V8 and JSC optimize for about that long
const BATCHES = 200

const timed = async (now, batch, calls) => {
  const start = now()
  await batch(calls)
  return now() - start
}

// `batch(calls)` makes that many calls. Gives microseconds a call, one number a batch.
exports.microsecondsACall = async (now, batch) => {
  let calls = 1
  while (await timed(now, batch, calls) < BATCH_MS) calls *= 2
  for (let i = 0; i < WARM_UP_BATCHES; i += 1) await batch(calls)
  const samples = []
  for (let i = 0; i < BATCHES; i += 1) samples.push(await timed(now, batch, calls) * 1000 / calls)
  return samples
}
