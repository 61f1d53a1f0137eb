// The documentation: its pages, and the samples that stand in them.
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { root } from './package-files.mjs'

const markdownIn = (folder) =>
  readdirSync(join(root, folder)).filter((file) => file.endsWith('.md')).map((file) => join(folder, file))

/** All pages for users and contributors, by their paths. */
export const pages = () => [...markdownIn('.'), ...markdownIn('docs'), 'js-glue/README.md', 'tests/README.md', 'miniprogram-demo/server/README.md']

export const textOf = (page) => readFileSync(join(root, page), 'utf8')

const NAMES = { js: /^\/\/ (\S+\.js)(?=\s)/, ts: /^\/\/ (\S+\.ts)(?=\s)/, tsx: /^\/\/ (\S+\.tsx)(?=\s)/, html: /^<!-- (\S+\.wxml) -->/, vue: /^<!-- (\S+\.vue) -->/ }

/** The samples of a page. The first line of one that is a file names it. */
export const samplesOf = (page) =>
  Array.from(textOf(page).matchAll(/^```(\w*)\n([^]*?)^```$/gm), ([, language, code]) => ({
    page,
    language,
    code,
    name: NAMES[language]?.exec(code)?.[1],
  }))

/** Lays the named samples of a page into a new folder, in which the package is installed. */
export function layPage(page) {
  const folder = mkdtempSync(join(tmpdir(), 'weapp-login-page-'))
  mkdirSync(join(folder, 'node_modules'))
  symlinkSync(join(root, 'js-glue'), join(folder, 'node_modules/weapp-login'))
  for (const { name, code } of samplesOf(page)) {
    if (!name) continue
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), code)
  }
  return folder
}
