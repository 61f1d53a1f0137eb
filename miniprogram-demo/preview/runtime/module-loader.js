import { PROVIDED } from '../module-scope.mjs'

/** Runs each file of the mini-program once, as the body of a function that sees what WeChat lets it see. */
export class ModuleLoader {
  cache = new Map()

  constructor(modules, globals) {
    this.modules = modules
    this.globals = globals
  }

  /** `constructors` are the Page, Component and Behavior that register under the path of the file being loaded. */
  load(path, constructors = {}) {
    const known = this.cache.get(path)
    if (known) return known.exports
    const module = { exports: {} }
    this.cache.set(path, module)
    const provided = { ...this.globals, ...constructors }
    const body = this.modules[path](...PROVIDED.map((name) => provided[name]))
    body(this.requireFrom(path, constructors), module, module.exports)
    return module.exports
  }

  requireFrom(path, constructors) {
    return (request) => {
      const target = resolve(path, String(request))
      if (!this.modules[target]) throw new Error(`module '${target}' is not defined, require args is '${request}'`)
      return this.load(target, constructors)
    }
  }
}

function resolve(from, request) {
  const parts = request.startsWith('/') ? [] : from.split('/').slice(0, -1)
  for (const part of request.split('/')) {
    if (part === '..') parts.pop()
    else if (part !== '.' && part !== '') parts.push(part)
  }
  return parts.join('/').replace(/(\.js)?$/, '.js')
}
