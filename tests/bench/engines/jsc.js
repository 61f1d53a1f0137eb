// Does one job in JavaScriptCore's shell, as on iOS: jsc jsc.js -- TESTS_FOLDER JOB, where JOB is JSON. Prints the result.
'use strict'

;(async function (tests, text) {
  const { Function, WebAssembly, setTimeout: startTimer } = globalThis
  const job = JSON.parse(text)
  const compile = (source, parameters) => Function.apply(null, parameters.concat(source))
  delete globalThis.WebAssembly
  const requireLocal = compile(`${readFile(`${tests}package/modules.js`)}\nreturn createRequire`, [])()(
    compile,
    (path) => readFile(tests + path),
  )
  const startTurn = (callback) => startTimer(callback, 0)

  const collectedHeap = async () => {
    for (let i = 0; i < 5; i += 1) {
      await new Promise(startTurn)
      fullGC()
    }
    return gcHeapSize()
  }

  const engine = {
    global: globalThis,
    WebAssembly,
    compile,
    startTurn,
    now: () => preciseTime() * 1000,
    collectedHeap,
    subject: { source: readFile(job.source), wasm: readFile(job.wasm, 'binary') },
  }
  const measures = requireLocal('./bench/measures/index.js')
  try {
    print(JSON.stringify(await measures[job.measure](engine, job.parameters)))
    quit(0)
  } catch (error) {
    print(`${error}\n${error.stack}`)
    quit(1)
  }
}).apply(null, arguments)
