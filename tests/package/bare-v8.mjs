// Android's engine: a V8 context with the language and nothing else, which refuses to make code of texts.
import vm from 'node:vm'
import { dist, moduleFile, readText, testsFolder } from './package-files.mjs'

const OF_NODE = ['WebAssembly', 'console']

// Runs a scenario in a context of its own, on the module `wasm`, which the package has at `wasmPath`.
export async function runScenario(name, { wasmPath, wasm }) {
  const context = vm.createContext({}, { codeGeneration: { strings: false, wasm: true } })
  const { WebAssembly } = vm.runInContext('({ WebAssembly })', context)
  for (const name of OF_NODE) vm.runInContext(`delete globalThis.${name}`, context)
  const compile = (source, parameters, filename) =>
    vm.compileFunction(source, parameters, { parsingContext: context, filename })
  vm.runInContext(readText(`${testsFolder}modules.js`), context)
  const require = context.createRequire(compile, (path) => readText(testsFolder + path))
  const engine = {
    global: vm.runInContext('globalThis', context),
    WebAssembly,
    compile: (source, parameters) => compile(source, parameters, moduleFile()),
    startTimer: setTimeout,
    moduleSource: readText(moduleFile()),
    compatSource: readText(dist('compat.js')),
    wasmPath,
    wasm,
  }
  const scenario = require('./scenarios.js').find((scenario) => scenario.name === name)
  await require('./phone.js').runScenario(engine, scenario)
}
