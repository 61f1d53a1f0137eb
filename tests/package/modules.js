// `require` for the files of this folder and beside it, for engines that have none. A script by itself: it defines `createRequire`.
'use strict'

// `compile(source, parameters, path)` gives a function, `readText(path)` a file's text; paths are relative to this folder.
var createRequire = function (compile, readText) {
  const loaded = new Map()
  const resolve = (from, path) => {
    const parts = from.split('/').slice(0, -1)
    path.split('/').forEach((part) => {
      if (part === '..' && parts.length > 0 && parts[parts.length - 1] !== '..') parts.pop()
      else if (part !== '.') parts.push(part)
    })
    return parts.join('/')
  }
  const requireFrom = (from) => (path) => {
    const name = resolve(from, path)
    if (!loaded.has(name)) {
      const file = { exports: {} }
      loaded.set(name, file)
      compile(readText(name), ['require', 'module', 'exports'], name)(requireFrom(name), file, file.exports)
    }
    return loaded.get(name).exports
  }
  return requireFrom('')
}
