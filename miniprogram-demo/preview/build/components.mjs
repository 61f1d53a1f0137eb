import { posix } from 'node:path'
import { SourceError } from './source.mjs'

/** Every page and the components that they reach: a Map from path (without extension) to its JSON and the paths that it uses. */
export function collectComponents(source, app) {
  const found = new Map()

  function visit(path) {
    if (found.has(path)) return
    const config = source.readJson(`${path}.json`)
    const uses = Object.values(config.usingComponents ?? {}).map((used) => resolve(path, used))
    found.set(path, { config, uses })
    uses.forEach(visit)
  }

  if (!app.pages.length) throw new SourceError('app.json: "pages" names no page')
  app.pages.forEach(visit)
  Object.values(app.usingComponents ?? {}).forEach((used) => visit(resolve('app', used)))
  return found
}

function resolve(from, path) {
  return path.startsWith('/') ? path.slice(1) : posix.join(posix.dirname(from), path)
}
