import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join, sep } from 'node:path'
import vm from 'node:vm'

/** A problem in the mini-program's own files, told as such and without a stack. */
export class SourceError extends Error {
  name = 'SourceError'
}

/** Reads a mini-program's folder; every path is relative to it, with forward slashes. */
export class Source {
  constructor(root) {
    this.root = root
  }

  /** The mini-program of the project in `folder`, which says in its project.config.json where it is. */
  static ofProject(folder) {
    if (!existsSync(join(folder, 'project.config.json'))) {
      throw new SourceError(`${folder} has no project.config.json: name a folder that WeChat DevTools could open`)
    }
    const { miniprogramRoot = '' } = new Source(folder).readJson('project.config.json')
    return new Source(join(folder, miniprogramRoot))
  }

  read(path) {
    try {
      return readFileSync(join(this.root, path), 'utf8')
    } catch (error) {
      throw new SourceError(`${path}: ${error.code === 'ENOENT' ? 'no such file' : error.message}`)
    }
  }

  readIfThere(path) {
    try {
      return readFileSync(join(this.root, path), 'utf8')
    } catch (error) {
      if (error.code === 'ENOENT') return ''
      throw error
    }
  }

  readJson(path) {
    try {
      return JSON.parse(this.read(path))
    } catch (error) {
      throw error instanceof SourceError ? error : new SourceError(`${path}: ${error.message}`)
    }
  }

  /** The app's configuration, in which the pages of subpackages are pages like the others. */
  readApp() {
    const { pages, subPackages, subpackages = subPackages ?? [], ...app } = this.readJson('app.json')
    const below = subpackages.flatMap(({ root, pages }) => pages.map((page) => `${root.replace(/\/?$/, '/')}${page}`))
    return { ...app, pages: [...(pages ?? []), ...below] }
  }

  /** Every script of the package. */
  scripts() {
    return readdirSync(this.root, { recursive: true })
      .filter((path) => path.endsWith('.js'))
      .map((path) => path.split(sep).join('/'))
      .sort()
  }

  /** The origin that the mini-program believes its backend to have. */
  backendOrigin() {
    const module = { exports: {} }
    vm.runInNewContext(`(function (module, exports) {${this.read('config.js')}\n})`)(module, module.exports)
    return new URL(module.exports.baseUrl).origin
  }
}
