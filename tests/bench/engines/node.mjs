// Does one job in a bare V8 context, as on Android: node --expose-gc node.mjs JOB, where JOB is JSON. Prints the result.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import vm from 'node:vm'

const tests = fileURLToPath(new URL('../../', import.meta.url))
const job = JSON.parse(process.argv[2])
const read = (path) => readFileSync(path, 'utf8')
const nextTurn = () => new Promise(setImmediate)

const context = vm.createContext({}, { codeGeneration: { strings: false, wasm: true } })
const { WebAssembly } = vm.runInContext('({ WebAssembly })', context)
for (const name of ['WebAssembly', 'console']) vm.runInContext(`delete globalThis.${name}`, context)
const compile = (source, parameters, filename) =>
  vm.compileFunction(source, parameters, { parsingContext: context, filename })
vm.runInContext(read(`${tests}package/modules.js`), context)
const require = context.createRequire(compile, (path) => read(tests + path))

async function collectedHeap() {
  for (let i = 0; i < 5; i += 1) {
    await nextTurn()
    globalThis.gc()
  }
  return process.memoryUsage().heapUsed
}

const engine = {
  global: vm.runInContext('globalThis', context),
  WebAssembly,
  compile: (source, parameters) => compile(source, parameters, job.subject),
  startTurn: (callback) => setImmediate(callback),
  now: () => performance.now(),
  collectedHeap,
  subject: { source: read(job.source), wasm: readFileSync(job.wasm) },
}
const measures = require('./bench/measures/index.js')
process.stdout.write(JSON.stringify(await measures[job.measure](engine, job.parameters)))
process.exit()
