// The demo's texts: complete in both languages, and a message for every error code.
import { strict as assert } from 'node:assert'
import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'

const at = (path) => fileURLToPath(new URL(`../../${path}`, import.meta.url))
const TEXTS = at('miniprogram-demo/miniprogram/texts/')

const load = createRequire(import.meta.url)
const HAN = /\p{Script=Han}/u

/** Every text of a file, by its place in it. */
function flat(texts, place = '') {
  if (typeof texts === 'string') return [[place, texts]]
  return Object.entries(texts).flatMap(([key, value]) => flat(value, `${place}.${key}`))
}

const places = (texts) => flat(texts).map(([place]) => place)

test('every text is there in Chinese and in English', () => {
  const files = readdirSync(TEXTS)
  assert.ok(files.length >= 7, files.join())
  for (const file of files) {
    const { zh, en } = load(TEXTS + file)
    assert.deepEqual(places(en), places(zh), file)
    for (const [place, text] of flat(en)) assert.doesNotMatch(text, HAN, `${file}${place}`)
  }
})

test('every code of the client has a message, and only the doings of the user are passed over', () => {
  const [, list] = readFileSync(at('src/error.rs'), 'utf8').match(/^codes! \{\n(.*?)^\}/ms)
  const codes = list.match(/(?<=")\w+(?=")/g)
  assert.ok(codes.length > 20, list)
  const { zh, en } = load(`${TEXTS}errors.js`)
  for (const messages of [zh, en]) {
    assert.deepEqual(new Set(Object.keys(messages).filter(isCode)), new Set(codes))
    const silent = codes.filter((code) => !messages[code])
    assert.deepEqual(silent.sort(), ['aborted', 'logged_out'])
  }
})

test('every other refusal that has a message is one of the backend', () => {
  const readme = readFileSync(at('miniprogram-demo/server/README.md'), 'utf8')
  const known = [...readme.matchAll(/^\| ([\d /,]+) \|/gm)].flatMap(([, numbers]) => numbers.split(/[ /,]+/))
  const named = Object.keys(load(`${TEXTS}errors.js`).zh).filter((key) => !isCode(key))
  assert.ok(named.length > 3)
  for (const errno of named) assert.ok(known.includes(errno), errno)
})

function isCode(key) {
  return !/^\d+$/.test(key)
}
