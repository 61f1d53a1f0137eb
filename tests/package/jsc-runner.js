// Runs all scenarios in JavaScriptCore's shell: jsc jsc-runner.js -- FOLDER MODULE WASM
// Prints a line of JSON a scenario, `{ name, error? }`. The shell gives `readFile`, `print`, `quit` and `setTimeout`.
'use strict'

;(async function () {
  const LIMIT_MS = 10000
  const [folder, moduleFile, wasmFile] = arguments
  const compile = (source, parameters) => Function.apply(null, parameters.concat(source))
  const startTimer = setTimeout
  const { WebAssembly } = globalThis
  delete globalThis.WebAssembly

  const requireLocal = compile(`${readFile(`${folder}modules.js`)}\nreturn createRequire`, [])()(
    compile,
    (path) => readFile(folder + path),
  )
  const { runScenario } = requireLocal('./phone.js')
  const engine = {
    global: globalThis,
    WebAssembly,
    compile,
    startTimer,
    moduleSource: readFile(moduleFile),
    wasmPath: '/libs/weapp-login/weapp_login.wasm',
    wasm: readFile(wasmFile, 'binary'),
  }

  let unhandled
  setUnhandledRejectionCallback((promise, reason) => { unhandled = reason })

  const inTime = (work) => new Promise((resolve, reject) => {
    startTimer(() => reject(new Error(`did not end within ${LIMIT_MS} ms`)), LIMIT_MS)
    work.then(resolve, reject)
  })

  const errorOf = async (scenario) => {
    unhandled = undefined
    try {
      await inTime(runScenario(engine, scenario))
      return unhandled === undefined ? undefined : `unhandled rejection: ${unhandled}`
    } catch (error) {
      return `${error}\n${error.stack}`
    }
  }

  for (const scenario of requireLocal('./scenarios.js')) {
    print(JSON.stringify({ name: scenario.name, error: await errorOf(scenario) }))
  }
  quit(0)
}).apply(null, arguments)
