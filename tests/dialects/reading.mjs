// An incoming request, as the routes of backends/ name its parts.
const FORM = 'application/x-www-form-urlencoded'

const parsed = (text) => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const bytesOf = async (stream) => {
  const chunks = []
  for await (const chunk of stream) chunks.push(chunk)
  return Buffer.concat(chunks)
}

const formOf = async (bytes, type) => {
  if (!type.startsWith(FORM) && !type.startsWith('multipart/form-data')) return undefined
  return Object.fromEntries(await new Response(bytes, { headers: { 'Content-Type': type } }).formData())
}

/** `base` is the path that all addresses of the backend begin with; outside of it there is no `path`. */
export const read = async (incoming, base) => {
  const { hostname, pathname, searchParams } = new URL(incoming.url, `http://${incoming.headers.host}`)
  const type = incoming.headers['content-type'] || ''
  const bytes = await bytesOf(incoming)
  const query = Object.fromEntries(searchParams)
  const form = await formOf(bytes, type)
  const json = type.startsWith('application/json') ? parsed(bytes) : undefined
  return {
    method: incoming.method,
    host: hostname,
    url: incoming.url,
    path: pathname.startsWith(`/${base}`) ? pathname.slice(base.length + 1) : undefined,
    header: incoming.headers,
    query,
    json,
    form,
    text: bytes.toString(),
    body: json || form,
    param: { ...query, ...form },
  }
}
