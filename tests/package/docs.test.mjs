// The documentation: links, error codes, both languages, and the types of the samples.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { after, describe, test } from 'node:test'
import { layFiles, pages, samplesOf, textOf } from './docs.mjs'
import { dist, readText, root } from './package-files.mjs'

const require = createRequire(import.meta.url)

describe('links', () => {
  // As the headings of a page are addressed: without what is no letter, number or hyphen.
  const anchorsOf = (page) =>
    Array.from(withoutSamples(textOf(page)).matchAll(/^#+ (.+)$/gm), ([, heading]) =>
      heading.toLowerCase().replace(/[^\p{L}\p{N}\p{M}\s_-]/gu, '').trim().replace(/\s/g, '-'))

  const withoutSamples = (text) => text.replace(/^```[^]*?^```$/gm, '').replace(/`[^`\n]*`/g, '')
  const linksOf = (text) => Array.from(withoutSamples(text).matchAll(/(?:\]\(|src=")([^)"\s]+)[)"]/g), ([, link]) => link)

  const brokenIn = (page, text = textOf(page)) =>
    linksOf(text).filter((link) => {
      if (/^https:/.test(link)) return false
      const [path, anchor] = link.split('#')
      const target = path ? join(dirname(page), path) : page
      if (!existsSync(join(root, target))) return true
      return anchor !== undefined && !anchorsOf(target).includes(decodeURIComponent(anchor))
    })

  for (const page of pages()) {
    test(page, () => assert.deepEqual(brokenIn(page), []))
  }

  test('a page that is not there, and a heading that is not there, are noticed', () => {
    const text = '[a](docs/nothing.md) <img src="docs/no.svg"> [b](docs/errors.md#nothing) [c](docs/errors.md) [d](docs/errors.md#english) `[e](x)`'
    assert.deepEqual(brokenIn('README.md', text), ['docs/nothing.md', 'docs/no.svg', 'docs/errors.md#nothing'])
  })
})

test('the tarball is called as this version is', () => {
  const { version } = JSON.parse(readText(`${root}js-glue/package.json`))
  const named = pages().flatMap((page) => textOf(page).match(/weapp-login-[\d.]+\.tgz/g) ?? [])
  assert.ok(named.length > 5)
  assert.deepEqual([...new Set(named)], [`weapp-login-${version}.tgz`])
})

test('tests/README.md names every part of the tests, with its time', () => {
  const parts = Array.from(textOf('xtask/src/test/parts.rs').matchAll(/^ {8}name: "([\w-]+)"/gm), ([, name]) => name)
  assert.ok(parts.length > 10)
  const rows = Array.from(textOf('tests/README.md').matchAll(/^\| (.+) \| .+ \| [\d,]+ s \|$/gm), ([, names]) => names.match(/[\w-]+/g)).flat()
  assert.deepEqual(rows, parts)
})

test('docs/commands.md names every command of the task runner and of npm', () => {
  const [, commands] = /^enum Command \{\n([^]*?)^\}/m.exec(textOf('xtask/src/main.rs'))
  const tasks = Array.from(commands.matchAll(/^ {4}([A-Z]\w+)/gm), ([, name]) => `cargo xtask ${name.toLowerCase()}`)
  const scripts = Object.keys(JSON.parse(textOf('package.json')).scripts).filter((name) => !/^pre|:/.test(name))
  const npm = scripts.map((name) => (name === 'test' ? 'npm test' : `npm run ${name}`))
  assert.ok(tasks.length > 8 && npm.length > 3)
  const page = textOf('docs/commands.md')
  assert.deepEqual(['cargo xtask help', ...tasks, ...npm].filter((command) => !page.includes(`\`${command}`)), [])
})

describe('docs/errors.md', () => {
  const CODES = Array.from(/LoginErrorCode =([^;]+);/.exec(readText(dist('weapp_login.d.ts')))[1].matchAll(/"(\w+)"/g), ([, code]) => code)
  const LANGUAGES = { zh: '中文', en: 'English' }

  const rowsIn = (heading) => {
    const [section] = textOf('docs/errors.md').split(`## ${heading}\n`)[1].split('\n## ')
    return Array.from(section.matchAll(/^\| `(\w+)` \| (.+) \|$/gm), ([, code, rest]) => [code, ...rest.split(' | ')])
  }

  for (const [language, heading] of Object.entries(LANGUAGES)) {
    test(`explains every code, in the order of the types: ${heading}`, () => {
      assert.ok(CODES.length > 20)
      assert.deepEqual(rowsIn(heading).map(([code]) => code), CODES)
      for (const row of rowsIn(heading)) assert.equal(row.filter((cell) => cell.trim() !== '').length, 5, row.join(' | '))
    })

    test(`the texts of the table are the demo\'s: ${heading}`, () => {
      const texts = require(join(root, 'miniprogram-demo/miniprogram/texts/errors.js'))[language]
      const shown = Object.fromEntries(rowsIn(heading).map(([code, , , text]) => [code, text === '—' ? '' : text]))
      assert.deepEqual(shown, Object.fromEntries(CODES.map((code) => [code, texts[code]])))
    })
  }
})

describe('the two READMEs', () => {
  const READMES = ['README.md', 'README.zh-CN.md']
  const both = (read) => READMES.map((page) => read(page))

  // Without comments, texts of the user interface and words about the commands.
  const bare = ({ code }) => code.replace(/\s*(\/\/|#) .*$/gm, '').replace(/(?<=>)[^<>{}]+(?=<)/g, '')
  const links = (page) => Array.from(textOf(page).matchAll(/\]\((\S+?)\)/g), ([, link]) => link).filter((link) => !READMES.includes(link))

  test('have the same samples', () => {
    const [english, chinese] = both((page) => samplesOf(page).map(bare))
    assert.ok(english.length >= 4)
    assert.deepEqual(chinese, english)
  })

  test('have the same links, in the same order', () => {
    const [english, chinese] = both(links)
    assert.deepEqual(chinese, english)
  })

  test('have the same sections, lists and tables', () => {
    const shape = (page) => Array.from(textOf(page).matchAll(/^(#+|-|\|) /gm), ([, mark]) => mark)
    const [english, chinese] = both(shape)
    assert.deepEqual(chinese, english)
  })

  test('are short', () => {
    for (const page of READMES) assert.ok(textOf(page).split('\n').length < 150, page)
  })
})

describe('docs/quick-start.md', () => {
  const page = 'docs/quick-start.md'
  const EXAMPLES = { 原生: 'native', 'weapp-vite': 'weapp-vite', Taro: 'taro-vite', 'uni-app': 'uni-app' }
  const exampleOf = ({ section }) => EXAMPLES[Object.keys(EXAMPLES).find((name) => section.startsWith(name))]

  for (const sample of samplesOf(page).filter(({ name }) => name)) {
    const file = `js-glue/examples/${exampleOf(sample)}/${sample.name}`
    test(`shows ${file} as it is`, () => {
      const [, ...lines] = sample.code.split('\n')
      assert.equal(lines.join('\n'), textOf(file))
    })
  }
})

describe('the types of the samples', () => {
  const tsc = require.resolve('typescript/package.json').replace(/package\.json$/, 'bin/tsc')
  const typings = join(dirname(require.resolve('miniprogram-api-typings/package.json')), 'index.d.ts')
  const folders = []
  after(() => folders.forEach((folder) => rmSync(folder, { recursive: true })))

  const laid = (page, language) => {
    const folder = layFiles(samplesOf(page).filter((sample) => sample.name && sample.language === language))
    folders.push(folder)
    return folder
  }

  const problemsIn = (folder, names) => {
    const options = ['--noEmit', '--strict', '--ignoreConfig', '--skipLibCheck', 'false', '--module', 'commonjs', '--moduleResolution', 'bundler']
    const target = ['--target', 'es2020', '--lib', 'es2020', '--types', '', '--allowJs', '--checkJs', '--esModuleInterop']
    const args = [tsc, ...options, ...target, typings, ...names]
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' })
    return status === 0 ? '' : stdout + stderr
  }

  const files = (page, language) =>
    samplesOf(page).filter((sample) => sample.name && sample.language === language).map(({ name }) => name)

  const problemsOf = (page, language) => problemsIn(laid(page, language), files(page, language))

  for (const page of ['README.md', 'README.zh-CN.md']) {
    test(`tsc --strict: the page of ${page}`, () => assert.equal(problemsOf(page, 'js'), ''))
  }

  test('a wrong call in the page of the README is noticed', () => {
    const folder = laid('README.md', 'js')
    const page = join(folder, 'pages/me/me.js')
    writeFileSync(page, readFileSync(page, 'utf8').replace('login.loginByWeixin()', 'login.loginByWechat()'))
    assert.match(problemsIn(folder, files('README.md', 'js')), /pages\/me\/me\.js.*'loginByWechat' does not exist/)
  })

  for (const page of pages().filter((page) => files(page, 'ts').length > 0)) {
    test(`tsc --strict: TypeScript of ${page}`, () => assert.equal(problemsOf(page, 'ts'), ''))
  }
})
