import { parseArgs } from 'node:util'

export const DEFAULT_PORT = 8080

export const USAGE = `Usage: node serve.mjs --backend URL [--project DIR] [--port N]

Serves the demo mini-program in the browser.

  --backend URL   where the running backend listens, such as http://127.0.0.1:8787
  --project DIR   the folder of another project, such as what WeChat's compiler makes of the demo
  --port N        the port to listen on; without it ${DEFAULT_PORT}, or another one when that is taken
  --help          show this`

export class UsageError extends Error {}

export function readOptions(args) {
  const { backend, project, port, help } = parse(args)
  if (help) return { help }
  return { backend: readBackend(backend), project, port: readPort(port) }
}

function parse(args) {
  const text = { type: 'string' }
  try {
    return parseArgs({ args, options: { backend: text, project: text, port: text, help: { type: 'boolean' } } }).values
  } catch (error) {
    throw new UsageError(error.message)
  }
}

function readBackend(text) {
  if (!text) throw new UsageError('--backend URL is missing')
  const url = URL.canParse(text) ? new URL(text) : null
  if (!url || !['http:', 'https:'].includes(url.protocol)) throw new UsageError(`--backend is no http(s) address: ${text}`)
  return url.origin
}

function readPort(text) {
  if (text === undefined) return undefined
  const port = Number(text)
  if (!Number.isInteger(port) || port < 0 || port > 65535) throw new UsageError(`--port is no port number: ${text}`)
  return port
}
