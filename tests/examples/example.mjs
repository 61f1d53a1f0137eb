// An example of js-glue/examples, built as its reader does it: the project in an empty folder, the packed tarball installed, the tool's
// own command line. What comes out is run on a phone that is a bare V8, against the real backend.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { filesIn } from '../compiler/project.mjs'
import { startBackend, TemporaryDatabase } from '../e2e/lib/processes.mjs'
import { dist, root } from '../package/package-files.mjs'
import { startPhone } from './phone.mjs'
import { createPhoneWx, nameUser } from './wx.mjs'

const ADDRESS = 'http://127.0.0.1:8787' // of the backend, in the examples
const PAGE = 'pages/index/index'
const MODULE = 'miniprogram_npm/weapp-login/weapp_login.wasm'
const LIMIT_MS = 5 * 60_000
const UNREACHABLE = /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ENETUNREACH|ETIMEDOUT|ERR_SOCKET_TIMEOUT/
const NO_NETWORK = fileURLToPath(new URL('no-network.cjs', import.meta.url))

async function run(program, args, { cwd, env = {} }) {
  try {
    return await promisify(execFile)(program, args, { cwd, env: { ...process.env, ...env }, timeout: LIMIT_MS, maxBuffer: 1 << 26 })
  } catch ({ killed, stdout, stderr }) {
    throw new Error(`${program} ${args.join(' ')}: ${killed ? `no end after ${LIMIT_MS} ms\n` : ''}${stdout}\n${stderr}`)
  }
}

// No package runs a script of its own while it is installed: it could download something.
const npm = (cwd, ...args) => run('npm', [...args, '--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund'], { cwd })

function putAddress(folder, address) {
  for (const path of readdirSync(folder, { recursive: true })) {
    if (path.startsWith('node_modules') || !/login\.[jt]s$/.test(path) || !statSync(join(folder, path)).isFile()) continue
    const source = readFileSync(join(folder, path), 'utf8')
    assert.ok(source.includes(ADDRESS), path)
    writeFileSync(join(folder, path), source.replace(ADDRESS, address))
  }
}

/** The tool's own command, which gets nothing of the network. */
const buildByNpm = (folder) => run('npm', ['run', 'build'], {
  cwd: folder,
  env: { NODE_OPTIONS: `--require=${NO_NETWORK}`, HOME: folder, npm_config_update_notifier: 'false' },
})

/**
 * `build(folder)` leaves the built project in the folder `output`, and `tap(page)` taps on the button of the open page.
 */
export function testExample(name, { build = buildByNpm, output = 'dist', tap }) {
  describe(`the example ${name}`, () => {
    const database = new TemporaryDatabase()
    const user = '用户一'
    const nickName = `张三丰 of ${name}` // only the backend knows it
    let folder, backend, files, unreachable

    before(async () => {
      backend = await startBackend(database)
      await nameUser(backend.url, user, nickName)
      folder = mkdtempSync(join(tmpdir(), 'weapp-login-example-'))
      cpSync(join(root, 'js-glue/examples', name), folder, { recursive: true, filter: (path) => !/node_modules|dist$/.test(path) })
      putAddress(folder, backend.url)
      try {
        await install(folder)
      } catch (error) {
        if (process.env.CI === 'true' || !UNREACHABLE.test(error.message)) throw error
        unreachable = 'the npm registry cannot be reached'
        return
      }
      await build(folder)
      files = filesIn(join(folder, output))
    })

    after(async () => {
      await backend?.stop()
      database.remove()
      if (folder) rmSync(folder, { recursive: true, force: true })
    })

    const ifBuilt = (title, work) => test(title, (context) => (unreachable ? context.skip(unreachable) : work()))

    async function signIn(options) {
      const fake = createPhoneWx(backend.url, user)
      const phone = startPhone(files, fake.wx, options)
      try {
        const page = phone.open(PAGE)
        await tap(page)
        await page.shows(nickName)
        return { fake, phone }
      } finally {
        phone.stop()
        assert.deepEqual(phone.printed, [])
        assert.deepEqual(fake.violations, [])
      }
    }

    ifBuilt('the module arrives where the package looks for it', () => {
      assert.ok(files.get(MODULE)?.equals(readFileSync(dist('weapp_login.wasm'))))
    })

    ifBuilt('a tap signs in, and the next start knows who it is', async () => {
      const { fake, phone } = await signIn()
      assert.deepEqual(phone.instantiated, [`/${MODULE}`])
      const again = startPhone(files, fake.wx)
      await again.open(PAGE).shows(nickName)
      again.stop()
      assert.equal(fake.count('login'), 1)
    })

    ifBuilt('without WebAssembly `fallback` takes its place', async () => {
      const { phone } = await signIn({ hasWasm: false })
      assert.deepEqual(phone.instantiated, [])
    })
  })
}

async function install(folder) {
  const { stdout } = await run('npm', ['pack', '--json', '--workspace', 'js-glue', '--pack-destination', folder], { cwd: root })
  const [{ filename }] = JSON.parse(stdout)
  if (readdirSync(folder).includes('package-lock.json')) await npm(folder, 'ci')
  await npm(folder, 'install', `./${filename}`)
}
