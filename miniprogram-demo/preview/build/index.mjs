import { fileURLToPath } from 'node:url'
import { build as bundle } from 'esbuild'
import { TEMPLATES as BUILTIN_TEMPLATES, NAMES as BUILTIN_NAMES } from '../runtime/components/templates.mjs'
import { collectComponents } from './components.mjs'
import { wrapModule } from './modules.mjs'
import { page as htmlPage } from './page.mjs'
import { StyleCompiler } from './styles.mjs'
import { compileBuiltins, compileTemplates } from './templates.mjs'

const RUNTIME = fileURLToPath(new URL('../runtime/main.js', import.meta.url))

/** Builds the preview of a mini-program: a Map from URL path to `{ type, body }`, kept in memory. */
export async function buildPreview(source) {
  const app = source.readApp()
  const components = collectComponents(source, app)
  const modules = source.scripts()

  const files = new Map()
  const script = (path, body) => files.set(path, { type: 'text/javascript; charset=utf-8', body })
  script('/package.js', packageScript(source, app, components))
  for (const path of modules) script(`/modules/${path}`, wrapModule(path, source.read(path)))
  for (const { path, text } of await bundleRuntime()) {
    if (path.endsWith('.css')) files.set('/runtime.css', { type: 'text/css; charset=utf-8', body: text })
    else script('/runtime.js', text)
  }
  files.set('/', { type: 'text/html; charset=utf-8', body: htmlPage(app, modules) })
  return files
}

/** Everything of the mini-program that is not a script: configuration, templates, styles. */
function packageScript(source, app, components) {
  const styles = new StyleCompiler(source, BUILTIN_NAMES)
  const compiled = [...components].map(([path, { config, uses }], index) => {
    const scope = config.component ? `c${index}` : ''
    const style = scope ? styles.component(path, scope) : styles.page(path)
    return [path, { config, uses, scope, style }]
  })
  const themes = app.themeLocation && source.readJson(app.themeLocation)
  const data = { app, themes, appStyle: styles.app(), components: Object.fromEntries(compiled) }
  return `self.__package = ${JSON.stringify(data)}
self.__package.templates = ${compileTemplates(source, [...components.keys()])}
self.__package.builtinTemplates = ${compileBuiltins(BUILTIN_TEMPLATES)}
`
}

async function bundleRuntime() {
  const result = await bundle({
    entryPoints: [RUNTIME],
    bundle: true,
    format: 'iife',
    target: 'es2022',
    outdir: 'runtime',
    write: false,
    logLevel: 'error',
  })
  return result.outputFiles
}
