/** WeChat's WebAssembly: it reads a file of the package, and takes neither bytes nor an address. */
export const WXWebAssembly = {
  async instantiate(path, imports) {
    if (typeof path !== 'string') throw new TypeError('WXWebAssembly.instantiate: Argument 0 must be a string')
    if (typeof imports !== 'object' || imports === null) {
      throw new TypeError('WXWebAssembly.instantiate: Argument 1 must be an object')
    }
    if (!/^[^:]+\.wasm(\.br)?$/.test(path)) throw new Error(`WXWebAssembly.instantiate: invalid path "${path}"`)
    const module = await WebAssembly.compile(await read(path))
    refuseGlobals(module)
    return { module, instance: await WebAssembly.instantiate(module, imports) }
  },
  Memory: WebAssembly.Memory,
  Table: WebAssembly.Table,
}

async function read(path) {
  const response = await fetch(`/package/${path.replace(/^\//, '')}`)
  if (!response.ok) throw new Error(`WXWebAssembly.instantiate: file not found "${path}"`)
  return response.arrayBuffer()
}

// An iPhone cannot take an exported Global, so the preview takes none either.
function refuseGlobals(module) {
  const found = WebAssembly.Module.exports(module).find(({ kind }) => kind === 'global')
  if (found) throw new WebAssembly.CompileError(`exported Global "${found.name}" is not supported`)
}
