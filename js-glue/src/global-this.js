// Some old clients have no `globalThis`, and without any global object the module's futures would never run.
const globalObject = typeof globalThis !== 'undefined' ? globalThis : typeof global !== 'undefined' ? global : {}

export { globalObject as globalThis }
