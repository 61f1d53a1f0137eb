import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const at = (path) => fileURLToPath(new URL(`../../../${path}`, import.meta.url))

const SERVER = process.env.WEAPP_LOGIN_SERVER ?? at('target/debug/weapp-login-server')
const PREVIEW = at('miniprogram-demo/preview/serve.mjs')
// The demo's project folder, or what a compiler has made of it.
const PROJECT = process.env.WEAPP_LOGIN_PROJECT ?? at('miniprogram-demo')

// Real WeChat credentials of whoever runs the tests must not reach them.
const { WECHAT_APPID, WECHAT_SECRET, WECHAT_API_BASE, DATABASE_URL, ...ENVIRONMENT } = process.env

/** A database that lives as long as a test does. */
export class TemporaryDatabase {
  folder = mkdtempSync(join(tmpdir(), 'weapp-login-'))
  url = `sqlite://${join(this.folder, 'test.db')}?mode=rwc`

  remove() {
    rmSync(this.folder, { recursive: true, force: true })
  }
}

export function startBackend(database, { port = 0 } = {}) {
  const args = ['--sandbox', '--listen', `127.0.0.1:${port}`, '--database', database.url]
  return start(SERVER, args, /^listening on (http:\S+)$/)
}

export function startPreview(backend, project = PROJECT) {
  const args = [PREVIEW, '--backend', backend, '--project', project, '--port', '0']
  return start(process.execPath, args, /^preview at (http:\S+)$/)
}

/** Starts a program and waits for the line that tells its address. */
async function start(program, args, announcement) {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], env: ENVIRONMENT })
  let errors = ''
  child.stderr.on('data', (chunk) => {
    errors += chunk
  })
  const exited = new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message))
    child.once('close', (code, signal) => resolve(`it ended with ${signal ?? code}`))
  })
  const url = await Promise.race([
    firstMatch(child.stdout, announcement),
    exited.then((reason) => {
      throw new Error(`${program} did not start: ${reason}\n${errors}`)
    }),
  ])
  return {
    url,
    port: Number(new URL(url).port),
    async stop() {
      child.kill('SIGTERM')
      await exited
    },
  }
}

async function firstMatch(stream, pattern) {
  const lines = createInterface({ input: stream })
  for (;;) {
    const [line] = await once(lines, 'line')
    const match = pattern.exec(line)
    if (match) return match[1]
  }
}
