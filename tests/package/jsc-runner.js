// Runs scenarios in JavaScriptCore's shell: jsc jsc-runner.js -- JOB
// JOB is JSON: `{ folder, scripts, wasmFile, names }`, the scripts' files by their names. Without `wasmFile` there is no
// WebAssembly. Prints a line of JSON a scenario, `{ name, error? }`. The shell gives `readFile`, `print`, `quit` and `setTimeout`.
'use strict'

;(async function () {
  const { folder, scripts, wasmFile, names } = JSON.parse(arguments[0])
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
  const sources = {}
  Object.keys(scripts).forEach((name) => { sources[name] = readFile(scripts[name]) })
  const engine = {
    global: globalThis,
    WebAssembly,
    compile,
    startTimer,
    sources,
    wasmPath: '/libs/weapp-login/weapp_login.wasm',
    wasm: wasmFile && readFile(wasmFile, 'binary'),
  }

  let unhandled
  setUnhandledRejectionCallback((promise, reason) => { unhandled = reason })

  const errorOf = async (scenario) => {
    unhandled = undefined
    try {
      await runScenario(engine, scenario)
      if (scenario.mayLeaveRejected && unhandled instanceof scenario.mayLeaveRejected) return undefined
      return unhandled === undefined ? undefined : `unhandled rejection: ${unhandled}`
    } catch (error) {
      return `${error}\n${error.stack}`
    }
  }

  for (const scenario of requireLocal('./scenarios.js').filter(({ name }) => names.includes(name))) {
    print(JSON.stringify({ name: scenario.name, error: await errorOf(scenario) }))
  }
  quit(0)
}).apply(null, arguments)
