// What the compiler's output must have, whatever the project.
import assert from 'node:assert/strict'
import { parse } from 'acorn'
import { filesIn } from './project.mjs'

const PARTS_OF_A_PAGE = ['js', 'json', 'wxml', 'wxss']

export function hasPages(output, pages, subPackages = []) {
  assert.deepEqual(JSON.parse(output.get('app.json')).pages, pages)
  const below = subPackages.flatMap(({ root, pages }) => pages.map((page) => root + page))
  for (const page of [...pages, ...below]) {
    for (const part of PARTS_OF_A_PAGE) assert.ok(output.has(`${page}.${part}`), `${page}.${part} is not in the output`)
  }
}

/** Every script must be one that an engine of 2009 could read, on a single line. */
export function isMinifiedES5(output) {
  for (const [path, content] of output) {
    if (!path.endsWith('.js')) continue
    const source = String(content).trim()
    assert.doesNotThrow(() => parse(source, { ecmaVersion: 5, allowReturnOutsideFunction: true }), `${path} is no ES5`)
    assert.ok(!source.includes('\n'), `${path} is not minified`)
  }
}

/** Every binary of the module that is in `folder` must be in the output's folder `path`, byte for byte. */
export function hasBinaries(output, path, folder, names) {
  const sources = filesIn(folder)
  for (const name of names) {
    const compiled = output.get(`${path}/${name}`)
    assert.ok(compiled, `${path}/${name} is not in the output`)
    assert.ok(compiled.equals(sources.get(name)), `${path}/${name} was changed`)
  }
}
