import { createServer } from 'node:http'
import { NativeNetwork, NetworkFailure } from './native-network.mjs'
import { readPackageFile } from './package-files.mjs'
import { fetchLoginCode, fetchPhoneCode } from './sandbox-codes.mjs'

// Page code of a mini-program can neither eval nor reach the network on its own.
const CONTENT_SECURITY_POLICY = [
  "default-src 'self'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob: https:",
].join('; ')

const BODY_LIMIT = 20 * 1024 * 1024

/** The preview's HTTP server, not yet listening: the built files, the package's own files and the phone's native side. */
export function createPreviewServer({ files, root, servedOrigin, backend }) {
  const network = new NativeNetwork({ servedOrigin, backend })

  const native = {
    '/native/login': async (body) => ({ code: await fetchLoginCode(backend, JSON.parse(body).user) }),
    '/native/phone-number': async (body) => ({ code: await fetchPhoneCode(backend, JSON.parse(body).phone) }),
    '/native/request': async (body) => network.request(JSON.parse(body)),
    '/native/upload': async (body, headers) =>
      network.upload(JSON.parse(decodeURIComponent(headers['x-upload'])), new Blob([body])),
  }

  async function handle(request, response) {
    const url = new URL(request.url, 'http://preview')
    if (request.method === 'POST' && native[url.pathname]) {
      if (foreign(request)) return send(response, 403, 'text/plain', 'same origin only')
      return sendJson(response, await outcome(native[url.pathname], request))
    }
    if (url.pathname === '/native/download') return download(response, url.searchParams.get('url'))
    if (url.pathname.startsWith('/package/')) return packageFile(response, url.pathname.slice('/package/'.length))
    const file = files.get(decodeURIComponent(url.pathname))
    if (file) return send(response, 200, file.type, file.body)
    return send(response, 404, 'text/plain', 'not found')
  }

  async function download(response, address) {
    try {
      const { response: answer, bytes } = await network.download(address)
      send(response, answer.status, answer.headers.get('content-type') ?? 'application/octet-stream', bytes)
    } catch (error) {
      if (!(error instanceof NetworkFailure)) throw error
      send(response, 502, 'text/plain', error.message)
    }
  }

  async function packageFile(response, path) {
    const file = await readPackageFile(root, decodeURIComponent(path))
    if (!file) return send(response, 404, 'text/plain', 'not found')
    response.writeHead(200, { ...file.headers, 'cache-control': 'no-store' }).end(file.body)
  }

  return createServer((request, response) => {
    handle(request, response).catch((error) => {
      // Text that is no JSON, an address that is none: the caller's doing, and nothing to report.
      if (error instanceof SyntaxError || error instanceof URIError) return send(response, 400, 'text/plain', 'bad request')
      console.error(error)
      if (!response.headersSent) send(response, 500, 'text/plain', 'internal error')
      else response.destroy()
    })
  })
}

// Another site that is open in the same browser must not reach the backend through this server.
function foreign(request) {
  const { origin, host } = request.headers
  return origin !== undefined && origin !== `http://${host}`
}

async function outcome(handler, request) {
  try {
    return await handler(await readBody(request), request.headers)
  } catch (error) {
    if (error instanceof NetworkFailure) return { failure: { reason: error.message, errno: error.errno } }
    throw error
  }
}

async function readBody(request) {
  const chunks = []
  let size = 0
  for await (const chunk of request) {
    size += chunk.length
    if (size > BODY_LIMIT) throw new NetworkFailure('file size over limit', 600001)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

function sendJson(response, value) {
  send(response, 200, 'application/json', JSON.stringify(value))
}

function send(response, status, type, body) {
  response
    .writeHead(status, {
      'content-type': type,
      'content-security-policy': CONTENT_SECURITY_POLICY,
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    })
    .end(body)
}
