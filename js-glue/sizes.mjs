// What an app downloads for login, and how much of that is allowed.
import { readFile } from 'node:fs/promises'
import { brotliCompressSync } from 'node:zlib'

const KB = 1024
export const BUDGET = 62 * 1024
// Where it should be: not a limit.
const AIM = 28 * KB

// Every app loads these; the budget is for them together, as brotli.
const LOADED = ['weapp_login.wasm', 'index.js']
const OPTIONAL = ['no-wasm.js']

export async function weigh(folder) {
  const sizes = {}
  for (const name of [...LOADED, ...OPTIONAL]) {
    const content = await readFile(new URL(name, folder))
    sizes[name] = { raw: content.length, brotli: brotliCompressSync(content).length }
  }
  const sum = (kind) => LOADED.reduce((total, name) => total + sizes[name][kind], 0)
  return { ...sizes, together: { raw: sum('raw'), brotli: sum('brotli') } }
}

/** A line for each file and for what every app loads. Throws if that is more than the budget. */
export function report(sizes) {
  const row = (name, raw, brotli, note = '') => `${name.padEnd(18)}${String(raw).padStart(8)}${String(brotli).padStart(8)}${note}`
  const notes = { together: `   (every app; aim ${AIM}, budget ${BUDGET})` }
  const rows = Object.entries(sizes).map(([name, { raw, brotli }]) => row(name, raw, brotli, notes[name]))
  const over = sizes.together.brotli - BUDGET
  if (over > 0) {
    throw new Error(`the package is ${over} bytes over its budget of ${BUDGET} as brotli: look for a new dependency of the client crate, `
      + 'or for derived serde code and formatted texts in it (docs/size.md)')
  }
  return [row('bytes', 'raw', 'brotli'), ...rows].join('\n')
}
