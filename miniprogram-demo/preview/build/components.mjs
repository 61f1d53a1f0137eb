import { posix } from 'node:path'
import { SourceError } from './source.mjs'

/** Every page and the components that they reach: a Map from path (without extension) to its JSON. */
export function collectComponents(source, app) {
  const found = new Map()

  function visit(path) {
    if (found.has(path)) return
    const config = source.readJson(`${path}.json`)
    found.set(path, config)
    for (const used of Object.values(config.usingComponents ?? {})) visit(resolve(path, used))
  }

  if (!app.pages.length) throw new SourceError('app.json: "pages" names no page')
  app.pages.forEach(visit)
  Object.values(app.usingComponents ?? {}).forEach((used) => visit(resolve('app', used)))
  return found
}

function resolve(from, path) {
  return path.startsWith('/') ? path.slice(1) : posix.join(posix.dirname(from), path)
}
