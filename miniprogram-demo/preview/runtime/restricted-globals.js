// The language's own globals, and nothing of the browser's.
const LANGUAGE = [
  'Array', 'ArrayBuffer', 'Boolean', 'DataView', 'Date', 'Error', 'EvalError', 'Float32Array', 'Float64Array', 'Infinity', 'Int16Array',
  'Int32Array', 'Int8Array', 'Intl', 'JSON', 'Map', 'Math', 'NaN', 'Number', 'Object', 'Promise', 'Proxy', 'RangeError',
  'ReferenceError', 'Reflect', 'RegExp', 'Set', 'String', 'Symbol', 'SyntaxError', 'TypeError', 'URIError', 'Uint16Array', 'Uint32Array',
  'Uint8Array', 'Uint8ClampedArray', 'WeakMap', 'WeakSet', 'clearInterval', 'clearTimeout', 'console', 'decodeURI', 'decodeURIComponent',
  'encodeURI', 'encodeURIComponent', 'isFinite', 'isNaN', 'parseFloat', 'parseInt', 'setInterval', 'setTimeout', 'undefined',
]

export const restrictedGlobal = Object.fromEntries(LANGUAGE.map((name) => [name, self[name]]))
restrictedGlobal.globalThis = restrictedGlobal

/** WeChat refuses to make code from text, with this one exception, which libraries use to find the global object. */
export function restrictedFunction(...args) {
  if (args.length === 1 && args[0] === 'return this') return () => restrictedGlobal
  throw new EvalError('Code generation from strings disallowed for this context')
}
restrictedFunction.prototype = Function.prototype
restrictedGlobal.Function = restrictedFunction
