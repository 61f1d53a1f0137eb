import { strict as assert } from 'node:assert'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { startBackend, startPreview, TemporaryDatabase } from './lib/processes.mjs'

const JOURNEY = fileURLToPath(new URL('journey.mjs', import.meta.url))

const folder = mkdtempSync(join(tmpdir(), 'weapp-login-journey-'))
const database = new TemporaryDatabase()
let backend, preview

before(async () => {
  backend = await startBackend(database)
  preview = await startPreview(backend.url)
})

after(async () => {
  await preview?.stop()
  await backend?.stop()
  database.remove()
  rmSync(folder, { recursive: true, force: true })
})

async function journey(url) {
  const child = spawn(process.execPath, [JOURNEY, '--preview', url, '--out', folder])
  const output = { out: '', err: '' }
  child.stdout.on('data', (chunk) => (output.out += chunk))
  child.stderr.on('data', (chunk) => (output.err += chunk))
  const [code] = await once(child, 'close')
  return { code, ...output }
}

test('the journey ends well, with a line and a picture for each step', async () => {
  const { code, out, err } = await journey(preview.url)
  assert.equal(code, 0, err)
  assert.equal(out.match(/ … ok$/gm).length, 8)
  assert.equal(readdirSync(folder).filter((name) => name.endsWith('.png')).length, 8)
})

test('a journey to a demo that is not there fails and says where', async () => {
  const nowhere = 'http://127.0.0.1:9/'
  const { code, out, err } = await journey(nowhere)
  assert.equal(code, 1)
  assert.match(out, /^1\/8 .* … failed$/m)
  assert.match(err, /127\.0\.0\.1:9/)
})
