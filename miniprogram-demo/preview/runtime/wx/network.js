import { ApiFailure, callBack, settle } from './api.js'
import { callNative } from './native.js'
import { Slots } from './slots.js'

const PARALLEL_REQUESTS = 10
const DEFAULT_TIMEOUT_MS = 60000

/** wx.request and wx.uploadFile: both answer through callbacks and return a task that can be aborted. */
export function networkApi({ files }) {
  const slots = new Slots(PARALLEL_REQUESTS)
  return {
    request: taskApi('request', (options, signal) => slots.use(() => request(options, signal))),
    uploadFile: taskApi('uploadFile', (options, signal) => slots.use(() => upload(options, files, signal))),
  }
}

function taskApi(name, run) {
  return (options = {}) => {
    const abortion = new AbortController()
    settle(name, (given) => run(given, abortion.signal), options).then((outcome) => callBack(options, outcome))
    return { abort: () => abortion.abort() }
  }
}

async function request({ url, method = 'GET', data, header, timeout = DEFAULT_TIMEOUT_MS, dataType = 'json' }, signal) {
  const call = encode({ url: String(url), method: method.toUpperCase(), data, header: withContentType(header) })
  const answer = await callNative('/native/request', JSON.stringify({ ...call, timeout }), { signal })
  return {
    data: dataType === 'json' ? parsed(answer.body) : answer.body,
    statusCode: answer.statusCode,
    header: answer.header,
    cookies: answer.cookies,
  }
}

async function upload({ url, filePath, name, header = {}, formData = {}, timeout = DEFAULT_TIMEOUT_MS }, files, signal) {
  const file = files.get(filePath)
  if (!file) throw new ApiFailure(`file not found: ${filePath}`)
  if (!name) throw new ApiFailure('parameter error: parameter.name should be String instead of Undefined;')
  const call = { url: String(url), name, fileName: filePath.split('/').pop(), header, formData, timeout }
  const headers = { 'x-upload': encodeURIComponent(JSON.stringify(call)), 'content-type': file.type }
  const answer = await callNative('/native/upload', file, { headers, signal })
  return { data: answer.body, statusCode: answer.statusCode }
}

function withContentType(header = {}) {
  const lowered = Object.entries(header).map(([key, value]) => [key.toLowerCase(), String(value)])
  return { 'content-type': 'application/json', ...Object.fromEntries(lowered) }
}

/** Puts `data` where WeChat puts it: into the query for GET, into the body otherwise. */
function encode({ url, method, data, header }) {
  if (data === undefined || data === null) return { url, method, header }
  if (method === 'GET') return { url: withQuery(url, data), method, header }
  if (typeof data === 'string') return { url, method, header, body: data }
  const asForm = header['content-type'].startsWith('application/x-www-form-urlencoded')
  return { url, method, header, body: asForm ? String(new URLSearchParams(data)) : JSON.stringify(data) }
}

function withQuery(url, data) {
  const query = typeof data === 'string' ? data : String(new URLSearchParams(data))
  if (!query) return url
  return url + (url.includes('?') ? '&' : '?') + query
}

// What is no JSON comes as the text that it is.
function parsed(text) {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
