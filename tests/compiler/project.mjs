// Mini-program projects in a temporary folder, and what WeChat's compiler makes of them.
import { execFile, execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const LIMIT_MS = 300_000

const here = (path) => fileURLToPath(new URL(path, import.meta.url))
export const root = here('../../')

export const temporaryFolder = () => mkdtempSync(join(tmpdir(), 'weapp-login-compiler-'))
export const remove = (folder) => rmSync(folder, { recursive: true })

async function wechat(...args) {
  const cwd = temporaryFolder() // where it leaves a cache folder for each project, named by a hash
  try {
    await promisify(execFile)(process.execPath, [here('wechat.cjs'), ...args], { cwd, timeout: LIMIT_MS })
  } catch ({ killed, stderr }) {
    throw new Error(`WeChat's compiler: ${killed ? `no end after ${LIMIT_MS} ms` : stderr}`)
  } finally {
    remove(cwd)
  }
}

/** Compiles the project in `folder`, and gives the files of the result by their paths. */
export const compile = (folder) => filesOf('compile', folder)

/** The same, but only what the app requires: DevTools leaves the rest out of an upload, unless it is told not to. */
export const compileForUpload = (folder) => filesOf('upload', folder)

async function filesOf(command, folder) {
  const out = temporaryFolder()
  try {
    await wechat(command, folder, out)
    return filesIn(out)
  } finally {
    remove(out)
  }
}

export const buildNpm = (folder) => wechat('build-npm', folder)

/** The opposite of `filesIn`: a folder with these files. */
export function layFiles(files) {
  const folder = temporaryFolder()
  for (const [path, content] of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), content)
  }
  return folder
}

export function filesIn(folder) {
  const paths = readdirSync(folder, { recursive: true }).filter((path) => statSync(join(folder, path)).isFile())
  return new Map(paths.map((path) => [path, readFileSync(join(folder, path))]))
}

/** The demo with the built module in it. */
export function layDemo() {
  const folder = temporaryFolder()
  cpSync(join(root, 'miniprogram-demo/project.config.json'), join(folder, 'project.config.json'))
  cpSync(join(root, 'miniprogram-demo/miniprogram'), join(folder, 'miniprogram'), { recursive: true })
  return folder
}

/** A mini-program of one page. */
export function layFixture() {
  const folder = temporaryFolder()
  cpSync(here('fixture'), folder, { recursive: true })
  return folder
}

/** The project of somebody who has installed the package from npm. */
export function layUser() {
  const folder = layFixture()
  const npm = (cwd, ...args) => execFileSync('npm', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
  writeFileSync(join(folder, 'package.json'), '{ "name": "user", "private": true }')
  const [{ filename }] = JSON.parse(npm(root, 'pack', '--json', '--workspace', 'js-glue', '--pack-destination', folder))
  npm(folder, 'install', '--offline', '--no-audit', '--no-fund', `./${filename}`)
  rmSync(join(folder, filename))
  return folder
}
