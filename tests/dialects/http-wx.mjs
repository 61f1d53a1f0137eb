// The fake `wx` of the package's tests, whose requests go to a server of `startServer` over real HTTP, by a real clock.
import http from 'node:http'
import { createRequire } from 'node:module'

const { createFakeWx } = createRequire(import.meta.url)('../../js-glue/testing/fake-wx.js')

const FORM = 'application/x-www-form-urlencoded'
const WITHOUT_BODY = ['GET', 'HEAD']

const realClock = { now: () => Date.now(), soon: (callback) => setImmediate(callback) }

const isObject = (value) => typeof value === 'object' && value !== null
const textOf = (value) => (isObject(value) ? JSON.stringify(value) : String(value))
const encoded = (data) =>
  new URLSearchParams(Object.entries(data).map(([name, value]) => [name, textOf(value)])).toString()
const headerOf = (header, name) => header[Object.keys(header).find((other) => other.toLowerCase() === name)]

// What goes over the wire for the options of `wx.request`: an object is a query, a form or JSON.
const outgoing = ({ url, method = 'GET', header = {}, data }) => {
  const type = headerOf(header, 'content-type') || 'application/json'
  const all = { 'content-type': type, ...header }
  if (!isObject(data)) return { url, method, header: all, body: data }
  if (WITHOUT_BODY.includes(method)) return { url: `${url}${url.includes('?') ? '&' : '?'}${encoded(data)}`, method, header: all }
  return { url, method, header: all, body: type.startsWith(FORM) ? encoded(data) : JSON.stringify(data) }
}

const parsed = (text) => {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

// The names as the server has sent them.
const headersOf = ({ rawHeaders }) =>
  Object.fromEntries(rawHeaders.flatMap((name, i) => (i % 2 === 0 ? [[name, rawHeaders[i + 1]]] : [])))

const bytesOf = async (stream) => {
  const chunks = []
  for await (const chunk of stream) chunks.push(chunk)
  return Buffer.concat(chunks)
}

const exchanged = ({ url, method, header, body }, timeout) => new Promise((resolve, reject) => {
  const request = http.request(url, { method, headers: header, timeout }, async (answer) => {
    const bytes = await bytesOf(answer).catch(reject)
    resolve({ statusCode: answer.statusCode, header: headersOf(answer), cookies: answer.headers['set-cookie'] || [], bytes })
  })
  request.on('timeout', () => request.destroy(new Error('timeout')))
  request.on('error', reject)
  request.end(body)
})

const failure = (api, { message }) =>
  (message === 'timeout' ? { errMsg: `${api}:fail timeout`, errno: 5 } : { errMsg: `${api}:fail ${message}`, errno: 600001 })

const bodyOf = (bytes, { dataType = 'json', responseType }) => {
  if (responseType === 'arraybuffer') return new Uint8Array(bytes).buffer
  return dataType === 'json' ? parsed(bytes.toString()) : bytes.toString()
}

// A file is its own path.
const uploaded = async ({ url, header = {}, filePath, name, formData = {} }) => {
  const form = new FormData()
  Object.entries(formData).forEach(([key, value]) => form.append(key, value))
  form.append(name, new Blob([filePath]), filePath)
  const body = new Response(form)
  return {
    url,
    method: 'POST',
    header: { ...header, 'content-type': body.headers.get('content-type') },
    body: Buffer.from(await body.arrayBuffer()),
  }
}

/** The fake, whose codes the server knows. Other hosts are out of reach, and a request to one is a violation. */
export const createHttpWx = (server) => {
  const fake = createFakeWx({ clock: realClock })
  const hosts = [server.baseUrl, server.otherUrl].map((url) => new URL(url).host)

  const overHttp = (api, prepare, read) => async ({ options, succeed, fail }) => {
    try {
      if (!hosts.includes(new URL(options.url).host)) {
        fake.violations.push(`${api}: ${options.url} is not in the list of domains`)
        throw new Error('url not in domain list')
      }
      const { bytes, ...answer } = await exchanged(await prepare(options), options.timeout)
      succeed({ ...answer, data: read(bytes, options) })
    } catch (error) {
      fail(failure(api, error))
    }
  }

  fake.always('login', ({ succeed }) => succeed({ code: server.machine.newCode(fake.openid) }))
  fake.always('request', overHttp('request', outgoing, bodyOf))
  fake.always('uploadFile', overHttp('uploadFile', uploaded, (bytes) => bytes.toString()))
  return fake
}
