import vm from 'node:vm'
import { ABSENT, PROVIDED, SHADOWED } from '../module-scope.mjs'
import { SourceError } from './source.mjs'

const OUTER = [...PROVIDED, ...ABSENT].join(', ')
const INNER = ['require', 'module', 'exports', ...SHADOWED].join(', ')

/**
 * Wraps one file of the mini-program into the function that the runtime calls. All of it stands before the file's first
 * line, so that line numbers are the file's own.
 */
export function wrapModule(path, text) {
  const body = `function (${OUTER}) { return function (${INNER}) { "use strict"; ${text}\n} }`
  try {
    new vm.Script(`(${body})`, { filename: path })
  } catch (error) {
    throw new SourceError(`${error.stack.split('\n')[0]}: ${error.message}`)
  }
  return `(self.__modules ??= {})[${JSON.stringify(path)}] = ${body}\n`
}
