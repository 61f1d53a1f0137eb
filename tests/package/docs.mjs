// The documentation: its pages, and the samples that stand in them.
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { root } from './package-files.mjs'

const markdownIn = (folder) =>
  readdirSync(join(root, folder)).filter((file) => file.endsWith('.md')).map((file) => join(folder, file))

/** All pages for users and contributors, by their paths. */
export const pages = () => [
  ...markdownIn('.'),
  ...markdownIn('docs'),
  'js-glue/README.md',
  'miniprogram-demo/server/README.md',
  'tests/README.md',
]

export const textOf = (page) => readFileSync(join(root, page), 'utf8')

const NAME = /^(?:\/\/|<!--) (\S+\.(?:js|ts|jsx|tsx|vue|wxml))(?=\s)/

/** The samples of a page, with the heading that they stand under. The first line of one that is a file names it. */
export const samplesOf = (page) => {
  let section = ''
  const parts = textOf(page).matchAll(/^## (.+)$|^```(\w*)\n([^]*?)^```$/gm)
  return Array.from(parts, ([, heading, language, code]) => {
    if (heading) section = heading
    return heading ? [] : [{ page, section, language, code, name: NAME.exec(code)?.[1] }]
  }).flat()
}

/** Lays named samples into a new folder, in which the package is installed. */
export function layFiles(samples) {
  const folder = mkdtempSync(join(tmpdir(), 'weapp-login-page-'))
  mkdirSync(join(folder, 'node_modules'))
  symlinkSync(join(root, 'js-glue'), join(folder, 'node_modules/weapp-login'))
  for (const { name, code } of samples) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), code, { flag: 'wx' }) // two of one name would be a mistake
  }
  return folder
}

/** The named samples of a page, or of one of its sections, in a new folder. */
export const layPage = (page, section) =>
  layFiles(samplesOf(page).filter((sample) => sample.name && (!section || sample.section.startsWith(section))))

/** Opens a page of a folder, with what WeChat does for one. */
export function openPage(folder, file) {
  let page
  globalThis.Page = (options) => {
    page = { ...options, data: { ...options.data } }
    page.setData = (changes) => Object.assign(page.data, changes)
  }
  try {
    createRequire(join(folder, 'app.js'))(`./${file}`)
  } finally {
    delete globalThis.Page
  }
  return page
}

/** Has what is sent below `written`, an address that stands in a sample, go to a server that runs at `running`. */
export function redirect(fake, written, running) {
  const { request } = fake.wx
  fake.wx.request = (options) => {
    if (!options.url.startsWith(written)) throw new Error(`${options.url} is not below ${written}`)
    return request({ ...options, url: running + options.url.slice(written.length) })
  }
}
