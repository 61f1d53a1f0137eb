// Whether the preview is as narrow as WeChat: what page code must not find here, it would miss on a phone.
import { strict as assert } from 'node:assert'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, afterEach, before, beforeEach, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { buildPreview } from 'weapp-login-preview/build/index.mjs'
import { Source } from 'weapp-login-preview/build/source.mjs'
import { accessible } from 'weapp-login-preview/runtime/components/aria.js'
import { button } from 'weapp-login-preview/runtime/components/button.js'
import { Slots } from 'weapp-login-preview/runtime/wx/slots.js'
import { createPreviewServer } from 'weapp-login-preview/server/http.mjs'
import { listen } from 'weapp-login-preview/server/listen.mjs'
import { launchBrowser } from './lib/browser.mjs'

const PROBE = fileURLToPath(new URL('fixtures/probe/', import.meta.url))
const SERVE = fileURLToPath(new URL('../../miniprogram-demo/preview/serve.mjs', import.meta.url))

async function listening(server) {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return `http://127.0.0.1:${server.address().port}`
}

function close(server) {
  server?.close()
  server?.closeAllConnections()
}

describe('page code', () => {
  let backend, server, browser, page

  before(async () => {
    backend = createServer((request, response) => response.end('{"code":"a-code"}'))
    const source = new Source(PROBE)
    server = createPreviewServer({
      files: await buildPreview(source),
      root: PROBE,
      servedOrigin: source.backendOrigin(),
      backend: await listening(backend),
    })
    browser = await launchBrowser()
    page = await browser.newPage()
    page.setDefaultTimeout(10_000)
    await page.goto(await listening(server))
  })

  after(async () => {
    await browser?.close()
    close(server)
    close(backend)
  })

  async function ask(question) {
    await page.locator('wx-button', { hasText: new RegExp(`^${question}$`) }).click()
    await page.locator('.answer:not(:empty)').waitFor()
    return JSON.parse(await page.locator('.answer').innerText())
  }

  beforeEach(() => page.reload())

  test('sees nothing of the browser', async () => {
    for (const [name, type] of Object.entries(await ask('absent'))) assert.equal(type, 'undefined', name)
  })

  test('cannot make code from text', async () => {
    assert.deepEqual(await ask('code'), {
      eval: 'EvalError',
      Function: 'EvalError',
      constructor: 'EvalError',
      global: 'undefined',
    })
  })

  test('gets wasm from a file of the package only', async () => {
    const [bytes, noImports, missing, remote] = await ask('wasm')
    assert.match(bytes, /Argument 0 must be a string/)
    assert.match(noImports, /Argument 1 must be an object/)
    assert.match(missing, /file not found "\/libs\/none\.wasm"/)
    assert.match(remote, /invalid path/)
  })

  test('stores JSON, within limits, beyond a reload', async () => {
    const kept = { list: [1, 'two'] }
    assert.deepEqual(await ask('storage'), { missing: '', kept, tooBig: 'Error' })
    await page.reload()
    assert.deepEqual(await ask('kept'), kept)
  })

  test('gets no promise from wx.login, wx.checkSession and wx.request, and no answer from elsewhere', async () => {
    const [checkSession, login, request] = await ask('calls')
    assert.deepEqual(checkSession, { returned: 'undefined', errMsg: 'checkSession:ok' })
    assert.deepEqual(login, { returned: 'undefined', errMsg: 'login:ok' })
    assert.deepEqual(request, { returned: 'object', errMsg: 'request:fail url not in domain list', errno: 600002 })
  })

  test('keeps its own styles when another page has been opened and left', async () => {
    const padding = () => page.locator('page:not([inert]) .answer').evaluate((element) => getComputedStyle(element).paddingTop)
    assert.equal(await padding(), '3px')
    await page.locator('wx-button', { hasText: /^another$/ }).click()
    await page.locator('page[data-route="pages/another/another"]').waitFor()
    await page.getByLabel('返回', { exact: true }).click()
    await page.locator('page[data-route="pages/another/another"]').waitFor({ state: 'detached' })
    assert.equal(await padding(), '3px')
  })

  test('is told when the app goes to the background and comes back', async () => {
    for (const visibility of ['hidden', 'visible']) {
      await page.evaluate((state) => {
        Object.defineProperty(document, 'hidden', { value: state === 'hidden', configurable: true })
        document.dispatchEvent(new Event('visibilitychange'))
      }, visibility)
    }
    assert.deepEqual(await ask('visits'), ['app: show', 'app: hide', 'listener: hide', 'app: show', 'listener: show'])
  })
})

test('a button that has been taken away does not mind a change of its attributes', () => {
  const gone = { _$: { getBackendElement: () => null } }
  const [observer] = Object.values(button({}).observers)
  observer.call(gone, 'default', true, false)
  const [role] = Object.values(accessible({}, { target: 'div' }).observers)
  role.call(gone, 'button')
})

describe('the build', () => {
  let folder

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'weapp-login-preview-'))
    cpSync(PROBE, folder, { recursive: true })
  })

  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  function refusal(path, text, expected) {
    writeFileSync(join(folder, path), text)
    return assert.rejects(buildPreview(new Source(folder)), { name: 'SourceError', message: expected })
  }

  test('refuses what WeChat cannot run, and names file and line', async () => {
    await refusal('app.js', 'App({})\nconst URL = 1\n', /^app\.js:2: .*URL/)
  })

  test('refuses broken templates', async () => {
    await refusal('pages/probe/probe.wxml', '<view>\n<text a="{{b">', /^pages\/probe\/probe\.wxml:2:/)
  })

  test('refuses broken styles', async () => {
    await refusal('pages/probe/probe.wxss', '.a { color: red;', /^pages\/probe\/probe\.wxss:1:1: Unclosed block/)
  })

  test('refuses a page without its files', async () => {
    await refusal('app.json', '{ "pages": ["pages/none/none"] }', /^pages\/none\/none\.json: no such file/)
  })
})

/** Runs the preview with arguments that it must refuse. */
async function refusalOf(...args) {
  const child = spawn(process.execPath, [SERVE, '--backend', 'http://127.0.0.1:9', ...args])
  let errors = ''
  child.stderr.on('data', (chunk) => (errors += chunk))
  const [code] = await once(child, 'close')
  return { code, errors }
}

test('a folder that is no project gets a clear message', async () => {
  const { code, errors } = await refusalOf('--project', PROBE)
  assert.equal(code, 1)
  assert.match(errors, /^preview: \S+ has no project\.config\.json: name a folder/)
})

describe('the port', () => {
  let other

  beforeEach(async () => {
    other = createServer()
    await listening(other)
  })

  afterEach(() => close(other))

  test('that is asked for and taken gets a clear message', async () => {
    const { port } = other.address()
    const { code, errors } = await refusalOf('--port', String(port))
    assert.equal(code, 2)
    assert.equal(errors, `preview: port ${port} is taken: choose another with --port, or leave --port out\n`)
  })

  test('that nobody asked for is another one when it is taken', async (t) => {
    const { port } = other.address()
    const server = createServer()
    t.after(() => close(server))
    const found = await listen(server, undefined, port)
    assert.notEqual(found, port)
  })
})

test('at most so many requests as there are slots run at once, in order', async () => {
  const slots = new Slots(10)
  let running = 0
  let most = 0
  const order = []
  const requests = Array.from({ length: 25 }, (_, index) =>
    slots.use(async () => {
      running += 1
      most = Math.max(most, running)
      order.push(index)
      await new Promise(setImmediate)
      running -= 1
    }),
  )
  await Promise.all(requests)
  assert.equal(most, 10)
  assert.deepEqual(order, [...order].sort((a, b) => a - b))
})
