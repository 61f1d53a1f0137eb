// The preview's `wx`, outside a browser: over the preview's own server, and a backend that answers what it is told to.
import { once } from 'node:events'
import { createServer } from 'node:http'
import { AppLifeCycle } from 'weapp-login-preview/runtime/app-life-cycle.js'
import { TempFiles } from 'weapp-login-preview/runtime/temp-files.js'
import { createWx } from 'weapp-login-preview/runtime/wx/index.js'
import { createPreviewServer } from 'weapp-login-preview/server/http.mjs'

const CODES = '/sandbox/control/code'

async function listening(server) {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return `http://127.0.0.1:${server.address().port}`
}

function createBackend(reply) {
  let codes = 0
  return createServer((request, response) => {
    if (request.url === CODES) {
      codes += 1
      response.end(JSON.stringify({ code: `code-${codes}` }))
      return
    }
    const { status = 200, json, text = JSON.stringify(json) } = reply(request.url)
    response.writeHead(status).end(text)
  })
}

/** What the runtime takes from the browser: its storage, and requests to where the page came from. */
function playBrowser(origin, onRequest) {
  const stored = new Map()
  const localStorage = Object.create({
    getItem: (key) => stored.get(key) ?? null,
    setItem: (key, text) => {
      stored.set(key, text)
      localStorage[key] = text
    },
    removeItem: (key) => {
      stored.delete(key)
      delete localStorage[key]
    },
  })
  const { fetch } = globalThis
  const fetchFromPage = async (target, options) => {
    if (!String(target).startsWith('/')) return fetch(target, options)
    const ended = onRequest(target)
    try {
      return await fetch(origin + target, options)
    } finally {
      ended()
    }
  }
  for (const [name, value] of Object.entries({ localStorage, fetch: fetchFromPage })) {
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true })
  }
}

/** `baseUrl` is where the mini-program finds its backend; `replies` has what that answers, by path. */
export async function createPreviewWx({ baseUrl, replies }) {
  const { origin: servedOrigin, pathname } = new URL(baseUrl)
  const backend = createBackend((path) => replies.get(path.slice(pathname.length)) ?? { json: { errno: 0 } })
  const server = createPreviewServer({ files: new Map(), root: '.', servedOrigin, backend: await listening(backend) })
  const running = { now: 0, most: 0 }
  playBrowser(await listening(server), (target) => {
    const counts = target === '/native/request' ? 1 : 0
    running.now += counts
    running.most = Math.max(running.most, running.now)
    return () => { running.now -= counts }
  })
  const life = new AppLifeCycle({ path: 'pages/index/index', query: {}, scene: 1001 })
  const user = { id: 'somebody' }
  const files = new TempFiles(user)
  const move = () => {}
  const pages = { top: () => ({ path: 'pages/index/index' }), open: move, replace: move, reLaunch: move, back: move }
  return {
    wx: createWx({ device: { phone: {}, gesture: {}, privacy: { isKnown: false }, user, files }, pages, life, launch: { SDKVersion: '3.0.0' }, theme: { name: 'light' } }),
    addFile: () => files.add(new Blob(['picture'], { type: 'image/png' })),
    show: () => life.showListeners.forEach((listener) => listener(life.options)),
    mostParallelRequests: () => running.most,
    stop: () => [server, backend].forEach((each) => {
      each.close()
      each.closeAllConnections()
    }),
  }
}
