// Measures everything and writes docs/bench.md and docs/bench.svg.
import { mkdir, writeFile } from 'node:fs/promises'
import { chart } from './lib/chart.mjs'
import { conditionsBefore } from './lib/conditions.mjs'
import { measureAll } from './lib/measurements.mjs'
import { report } from './lib/report.mjs'
import { bundleAll } from './lib/subjects.mjs'

const docs = (name) => new URL(`../../docs/${name}`, import.meta.url)

const conditions = conditionsBefore()
await bundleAll()
const measurements = measureAll((what) => console.log(`measuring ${what}`))
await mkdir(docs(''), { recursive: true })
await writeFile(docs('bench.md'), report(measurements, conditions()))
await writeFile(docs('bench.svg'), chart(measurements))
console.log('written: docs/bench.md, docs/bench.svg')
