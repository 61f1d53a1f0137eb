// The logic layer of a phone: a bare V8 that runs the scripts of a built mini-program, its app and its pages.
import { join } from 'node:path'
import vm from 'node:vm'
import { WRAPPER_PARAMETERS } from '../package/package-files.mjs'

const LIMIT_MS = 20_000
const NPM = 'miniprogram_npm'

const copy = (value) => (value === undefined ? undefined : JSON.parse(JSON.stringify(value)))

/** What `setData` does with a path such as `root.cn.[0].v` or `list[0].name`. */
function assign(data, path, value) {
  const keys = path.replace(/\.?\[(\d+)\]/g, '.$1').split('.')
  const last = keys.pop()
  let place = data
  keys.forEach((key, i) => {
    const next = keys[i + 1] ?? last
    place[key] ??= /^\d+$/.test(next) ? [] : {}
    place = place[key]
  })
  place[last] = copy(value)
}

/** A page, made by `Page` or, as uni-app does it, by `Component`. */
class OpenPage {
  #watchers = new Set()

  constructor(route, { methods = {}, lifetimes = {}, data = {}, ...own }) {
    Object.assign(this, own, methods, { lifetimes, route, __route__: route, options: {}, data: copy(data), properties: {} })
  }

  setData(changes, done) {
    for (const [path, value] of Object.entries(changes)) assign(this.data, path, value)
    for (const watch of this.#watchers) watch()
    setImmediate(() => done?.call(this))
  }

  open() {
    for (const name of ['created', 'attached']) (this.lifetimes[name] ?? this[name])?.call(this)
    this.onLoad?.(this.options)
    this.onShow?.()
    ;(this.lifetimes.ready ?? this.ready)?.call(this)
    this.onReady?.()
  }

  /** Resolves once `find(data)` finds something, with that. */
  until(find, what) {
    return new Promise((resolve, reject) => {
      const end = (settle, value) => {
        clearTimeout(timer)
        this.#watchers.delete(look)
        settle(value)
      }
      const look = () => {
        const found = find(this.data)
        if (found) end(resolve, found)
      }
      const timer = setTimeout(() => end(reject, new Error(`${this.route} shows no ${what}: ${JSON.stringify(this.data)}`)), LIMIT_MS)
      this.#watchers.add(look)
      look()
    })
  }

  shows(text) {
    return this.until((data) => JSON.stringify(data).includes(text), text)
  }

  triggerEvent() {}
  createSelectorQuery() {}
}

/**
 * Starts the mini-program whose files are given by their paths, over `wx`. Without `hasWasm` the phone has no WXWebAssembly.
 * `instantiated` lists the modules that have been loaded; `printed`, what was said on the console.
 */
export function startPhone(files, wx, { hasWasm = true } = {}) {
  const timers = new Set()
  const pages = []
  const phone = { instantiated: [], printed: [] }
  let registered // by the script that is being evaluated
  let app

  const context = vm.createContext({}, { codeGeneration: { strings: false, wasm: true } })
  const { WebAssembly } = vm.runInContext('({ WebAssembly })', context)
  vm.runInContext('delete globalThis.WebAssembly', context)

  async function instantiate(path, imports) {
    const file = files.get(path.replace(/^\//, ''))
    if (!path.startsWith('/') || !file) throw new Error(`WXWebAssembly.instantiate: no file ${path}`)
    const { instance } = await WebAssembly.instantiate(file, imports)
    phone.instantiated.push(path)
    return instance
  }

  const timer = (set) => (...args) => {
    const id = set(...args)
    timers.add(id)
    return id
  }
  const say = (...words) => { phone.printed.push(words.map((word) => word?.stack ?? String(word)).join(' ')) }

  Object.assign(vm.runInContext('globalThis', context), {
    wx: { ...wx }, // a start of the app of its own: frameworks keep things in it
    global: {},
    WXWebAssembly: hasWasm ? { instantiate } : undefined,
    console: { log: say, info: say, warn: say, error: say, debug: say },
    setTimeout: timer(setTimeout),
    setInterval: timer(setInterval),
    clearTimeout,
    clearInterval: clearTimeout,
    App: (options) => { app = options },
    Page: (options) => { registered = options },
    Component: (options) => { registered = options },
    Behavior: (options) => options,
    getApp: () => app,
    getCurrentPages: () => pages,
  })

  const loaded = new Map()

  /** A package is looked for in miniprogram_npm, as "build npm" lays it. */
  function resolve(from, path) {
    const base = path.startsWith('.') ? join(from, '..', path) : path.startsWith('/') ? path.slice(1) : `${NPM}/${path}`
    const found = [base, `${base}.js`, `${base}/index.js`].find((name) => name.endsWith('.js') && files.has(name))
    if (!found) throw new Error(`module '${path}' is not defined, required in ${from}`)
    return found
  }

  function load(path) {
    if (!loaded.has(path)) {
      const module = { exports: {} }
      loaded.set(path, module)
      const body = vm.compileFunction(String(files.get(path)), WRAPPER_PARAMETERS, { parsingContext: context, filename: path })
      body((wanted) => load(resolve(path, wanted)), module, module.exports)
    }
    return loaded.get(path).exports
  }

  const launch = { path: 'pages/index/index', query: {}, scene: 1001, referrerInfo: {} }
  load('app.js')
  app.onLaunch?.(launch)
  app.onShow?.(launch)

  return Object.assign(phone, {
    open(route) {
      load(`${route}.js`)
      const page = new OpenPage(route, registered)
      pages.push(page)
      page.open()
      return page
    },
    /** Ends what the app still waits for. */
    stop: () => timers.forEach(clearTimeout),
  })
}
