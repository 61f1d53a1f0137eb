// docs/api.md is the interface as it was agreed on: a change of the types must touch it, by `npm run api`.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { appendFileSync, cpSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { root } from './package-files.mjs'

let folder

before(() => {
  folder = mkdtempSync(join(tmpdir(), 'weapp-login-api-'))
  const isNeeded = (path) => statSync(path).isDirectory() || /api\.m(js|d)$|\.d\.ts$|package\.json$/.test(path)
  for (const part of ['docs', 'js-glue']) {
    const filter = (path) => !path.startsWith(join(root, 'js-glue/examples')) && isNeeded(path)
    cpSync(join(root, part), join(folder, part), { recursive: true, filter })
  }
})

after(() => rmSync(folder, { recursive: true }))

const check = (from) => {
  const { status, stderr } = spawnSync(process.execPath, [join(from, 'js-glue/api.mjs'), '--check'], { encoding: 'utf8' })
  return { status, stderr }
}

test('docs/api.md says what the types say', () => {
  assert.deepEqual(check(root), { status: 0, stderr: '' })
})

for (const file of ['dist/index.d.ts', 'dist/compat.d.ts', 'dist/guard.d.ts', 'testing/index.d.ts', 'vite.d.ts']) {
  test(`would not pass with another export in ${file}`, () => {
    const copy = `${folder}-${file.replace(/\W/g, '-')}`
    cpSync(folder, copy, { recursive: true })
    try {
      assert.equal(check(copy).status, 0)
      appendFileSync(join(copy, 'js-glue', file), '\nexport function planted(): void\n')
      assert.match(check(copy).stderr, /npm run api/)
    } finally {
      rmSync(copy, { recursive: true })
    }
  })
}
