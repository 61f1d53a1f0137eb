// One file of a compiled script and the Babel helpers that it requires, joined as WeChat joins a package: every file the
// body of a function. The tests of the package take the module as one file.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './project.mjs'

const HELPERS = '@babel/runtime/helpers/'
const CREATE_REQUIRE = readFileSync(join(root, 'tests/package/modules.js'), 'utf8')

const asFunction = (source) => `function (require, module, exports) {${source}\n}`

/**
 * `entry` is a path of `output`; what `provided` names, by the paths that the entry requires, comes from outside; `prelude`
 * is code that all files see.
 */
export function link(output, entry, { provided = [], prelude = '' } = {}) {
  const folder = entry.replace(/[^/]*$/, '')
  const files = new Map([[entry, asFunction(output.get(entry))]])
  for (const [path, source] of output) {
    if (path.startsWith(HELPERS)) files.set(path.replace(/\.js$/, ''), asFunction(source))
  }
  for (const path of provided) {
    files.set(join(folder, path), `function (_, module) { module.exports = require('${path}') }`)
  }
  const table = [...files].map(([path, file]) => `${JSON.stringify(path)}: ${file}`).join(',\n')
  return `${CREATE_REQUIRE}
${prelude}
var files = {
${table}
}
module.exports = createRequire(function (name) { return files[name] }, function (name) { return name })('${entry}')
`
}
