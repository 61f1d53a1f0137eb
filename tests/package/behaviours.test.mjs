// tests/README.md says which test covers which behaviour: each must be there, and each test must exist.
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'

const TESTS = new URL('../', import.meta.url)
const numbered = (letter, from, to) => Array.from({ length: to - from + 1 }, (_, n) => `${letter}${from + n}`)
const EXPECTED = [
  ...numbered('', 1, 70),
  ...numbered('B', 2, 16),
  ...numbered('N', 1, 3),
  ...numbered('W', 1, 3),
  ...numbered('R', 1, 2),
  ...numbered('A', 1, 2),
]

const readme = await readFile(new URL('README.md', TESTS), 'utf8')
const rows = Array.from(readme.matchAll(/^\| ([BNWRA]?\d+) \|.*\| (.+) \|$/gm), ([, id, tests]) => ({ id, tests }))

test('every behaviour has a row', () => {
  assert.deepEqual(rows.map(({ id }) => id), EXPECTED)
})

for (const { id, tests } of rows) {
  test(`the tests of ${id} exist`, async () => {
    for (const reference of tests.split('<br>')) {
      const [, file, name] = /^`(.+?)`: (.+)$/.exec(reference)
      const source = (await readFile(new URL(file, TESTS), 'utf8')).replaceAll("\\'", "'")
      const wanted = file.endsWith('.rs') ? `fn ${name.replaceAll(' ', '_')}(` : name
      assert.ok(source.includes(wanted), `${file} has no test "${name}"`)
    }
  })
}
