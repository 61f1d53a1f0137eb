import { readFile } from 'node:fs/promises'
import { extname, join, normalize } from 'node:path'

const TYPES = {
  '.wasm': 'application/wasm',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.svg': 'image/svg+xml',
}

/** Reads a binary file of the mini-program's package: null when there is none, or none that may be read so. */
export async function readPackageFile(root, path) {
  const compressed = path.endsWith('.wasm.br')
  const type = TYPES[extname(compressed ? path.slice(0, -'.br'.length) : path)]
  const inside = normalize(`/${path}`)
  if (!type || path.includes('\0')) return null
  try {
    const body = await readFile(join(root, inside))
    return { body, headers: { 'content-type': type, ...(compressed && { 'content-encoding': 'br' }) } }
  } catch (error) {
    if (['ENOENT', 'EISDIR', 'ENOTDIR'].includes(error.code)) return null
    throw error
  }
}
