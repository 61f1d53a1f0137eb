// Runs all scenarios in JavaScriptCore's shell: jsc jsc-runner.js -- FOLDER MODULE WASM
// Prints a line of JSON a scenario, `{ name, error? }`. The shell gives `readFile`, `print`, `quit` and `setTimeout`.
'use strict'

;(async function () {
  const [folder, moduleFile, wasmFile] = arguments
  const { Function, WebAssembly, setTimeout: startTimer } = globalThis
  const compile = (source, parameters) => Function.apply(null, parameters.concat(source))
  const refuse = () => { throw new EvalError('code generation from strings is disallowed') }
  delete globalThis.WebAssembly
  globalThis.eval = globalThis.Function = refuse

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
    compatSource: readFile(moduleFile.replace(/index\.js$/, 'compat.js')),
    wasmPath: '/libs/weapp-login/weapp_login.wasm',
    wasm: readFile(wasmFile, 'binary'),
  }

  let unhandled
  setUnhandledRejectionCallback((promise, reason) => { unhandled = reason })

  const errorOf = async (scenario) => {
    unhandled = undefined
    try {
      await runScenario(engine, scenario)
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
