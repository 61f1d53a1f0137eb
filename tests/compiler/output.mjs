// What the compiler's output must have, whatever the project.
import assert from 'node:assert/strict'
import { filesIn } from './project.mjs'

const PARTS_OF_A_PAGE = ['js', 'json', 'wxml', 'wxss']

export function hasPages(output, pages) {
  assert.deepEqual(JSON.parse(output.get('app.json')).pages, pages)
  for (const page of pages) {
    for (const part of PARTS_OF_A_PAGE) assert.ok(output.has(`${page}.${part}`), `${page}.${part} is not in the output`)
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
