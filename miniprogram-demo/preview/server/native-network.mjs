// The part of the phone below the mini-program: it sends what wx.request and wx.uploadFile ask for. It runs here and not in
// the page, since a phone knows no CORS and a browser does.

/** Why a request ended without an answer, in the words and numbers of WeChat. */
export class NetworkFailure extends Error {
  constructor(reason, errno) {
    super(reason)
    this.errno = errno
  }
}

const INVALID_URL = 600009
const NOT_IN_DOMAIN_LIST = 600002
const CONNECTION_FAILED = 600001
const TIMED_OUT = 5

// What WeChat on a phone calls itself.
const USER_AGENT =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 MicroMessenger/8.0.56'

const DOWNLOAD_TIMEOUT_MS = 60_000

const NET_ERRORS = {
  ECONNREFUSED: '-102:net::ERR_CONNECTION_REFUSED',
  ECONNRESET: '-101:net::ERR_CONNECTION_RESET',
  UND_ERR_SOCKET: '-101:net::ERR_CONNECTION_RESET',
  ENOTFOUND: '-105:net::ERR_NAME_NOT_RESOLVED',
}
const OTHER_NET_ERROR = '-2:net::ERR_FAILED'

export class NativeNetwork {
  /** `servedOrigin` is the backend's address in the mini-program's eyes, `backend` the one where it runs. */
  constructor({ servedOrigin, backend }) {
    this.servedOrigin = servedOrigin
    this.backend = backend
  }

  async request({ url, method, header, body, timeout }) {
    return answer(await this.send(this.target(url), { method, headers: header, body }, timeout))
  }

  async upload({ url, name, fileName, header, formData, timeout }, file) {
    const form = new FormData()
    for (const [key, value] of Object.entries(formData)) form.append(key, String(value))
    form.append(name, file, fileName)
    return answer(await this.send(this.target(url), { method: 'POST', headers: header, body: form }, timeout))
  }

  /** Fetches a picture. The backend may have given it an address of its own origin, which no domain list has to name. */
  async download(url) {
    return this.send(this.target(url, [this.servedOrigin, this.backend]), {}, DOWNLOAD_TIMEOUT_MS)
  }

  target(url, origins = [this.servedOrigin]) {
    const asked = URL.canParse(url) ? new URL(url) : null
    if (!asked) throw new NetworkFailure(`invalid url "${url}"`, INVALID_URL)
    if (!origins.includes(asked.origin)) throw new NetworkFailure('url not in domain list', NOT_IN_DOMAIN_LIST)
    return new URL(asked.pathname + asked.search, this.backend)
  }

  async send(url, init, timeout) {
    const signal = AbortSignal.timeout(timeout)
    const headers = { ...init.headers, 'user-agent': USER_AGENT }
    try {
      const response = await fetch(url, { ...init, headers, signal, redirect: 'manual' })
      const bytes = Buffer.from(await response.arrayBuffer())
      return { response, bytes }
    } catch (error) {
      if (signal.aborted) throw new NetworkFailure('timeout', TIMED_OUT)
      throw new NetworkFailure(NET_ERRORS[error.cause?.code] ?? OTHER_NET_ERROR, CONNECTION_FAILED)
    }
  }
}

function answer({ response, bytes }) {
  return {
    statusCode: response.status,
    header: Object.fromEntries(response.headers),
    cookies: response.headers.getSetCookie(),
    body: bytes.toString('utf8'),
  }
}
