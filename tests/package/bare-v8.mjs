// Android's engine: a V8 context with the language and nothing else, which refuses to make code of texts.
import vm from 'node:vm'
import { readText, sources, testsFolder } from './package-files.mjs'

const OF_NODE = ['WebAssembly', 'console']

// What V8 knows of a source from the first time that it read it. Reading `no-wasm.js` takes longer than most scenarios.
const parsed = new Map()

// Runs a scenario in a context of its own, on the module `wasm`, which the package has at `wasmPath`; without one, without
// WebAssembly.
export async function runScenario(name, { wasmPath, wasm }) {
  const context = vm.createContext({}, { codeGeneration: { strings: false, wasm: true } })
  const { WebAssembly } = vm.runInContext('({ WebAssembly })', context)
  for (const name of OF_NODE) vm.runInContext(`delete globalThis.${name}`, context)
  const compile = (source, parameters, filename) => {
    const options = { parsingContext: context, filename, cachedData: parsed.get(source) }
    const compiled = vm.compileFunction(source, parameters, { ...options, produceCachedData: !options.cachedData })
    if (compiled.cachedData) parsed.set(source, compiled.cachedData)
    return compiled
  }
  vm.runInContext(readText(`${testsFolder}modules.js`), context)
  const require = context.createRequire(compile, (path) => readText(testsFolder + path))
  const engine = {
    global: vm.runInContext('globalThis', context),
    WebAssembly,
    compile: (source, parameters) => compile(source, parameters, 'weapp-login'),
    startTimer: setTimeout,
    sources: sources(),
    wasmPath,
    wasm,
  }
  const scenario = require('./scenarios.js').find((scenario) => scenario.name === name)
  await require('./phone.js').runScenario(engine, scenario)
}
