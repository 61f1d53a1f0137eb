import { fileURLToPath } from 'node:url'
import { buildPreview } from './build/index.mjs'
import { Source, SourceError } from './build/source.mjs'
import { createPreviewServer } from './server/http.mjs'
import { listen } from './server/listen.mjs'
import { readOptions, USAGE, UsageError } from './server/options.mjs'

const DEMO = fileURLToPath(new URL('../', import.meta.url))

async function main() {
  const options = readOptions(process.argv.slice(2))
  if (options.help) {
    console.log(USAGE)
    return
  }
  const source = Source.ofProject(options.project ?? DEMO)
  requireModule(source)
  const server = createPreviewServer({
    files: await buildPreview(source),
    root: source.root,
    servedOrigin: source.backendOrigin(),
    backend: options.backend,
  })
  const port = await listen(server, options.port)
  console.log(`preview at http://127.0.0.1:${port}/`)
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.on(signal, () => {
      server.close()
      server.closeAllConnections()
    })
  }
}

function requireModule(source) {
  if (!source.scripts().includes('libs/weapp-login/index.js')) {
    throw new SourceError('libs/weapp-login/ is missing: build the login module first, with `cargo xtask build`')
  }
}

main().catch((error) => {
  const known = error instanceof UsageError || error instanceof SourceError
  console.error(known ? `preview: ${error.message}` : error)
  process.exitCode = error instanceof UsageError ? 2 : 1
})
