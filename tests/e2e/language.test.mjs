// The demo in English: every page of a new member's way, and not one Chinese character on it.
import { strict as assert } from 'node:assert'
import { createRequire } from 'node:module'
import { after, before, test } from 'node:test'
import { walkScreens } from './lib/screens.mjs'
import { Stage } from './lib/stage.mjs'

const HAN = /\p{Script=Han}/u

const { pages, subPackages } = createRequire(import.meta.url)('../../miniprogram-demo/miniprogram/app.json')
const ALL_PAGES = [...pages, ...subPackages.flatMap(({ root, pages }) => pages.map((page) => root + page))]

const stage = new Stage()

before(() => stage.set())

after(() => stage.strike())

const readable = (demo) => demo.page.locator('.mp-screen').innerText()
const routeOf = (demo) => demo.top.getAttribute('data-route')

test('a phone that speaks English gets every page, dialog and failure in English, its title, too', async () => {
  const demo = await stage.phone()
  const seen = new Set()
  await walkScreens({ demo, language: 'en', user: 'english', username: 'english' }, async (name) => {
    seen.add(await routeOf(demo))
    assert.doesNotMatch(await readable(demo), HAN, name)
    assert.notEqual(await demo.page.locator('.mp-title').innerText(), '', name)
  })
  assert.deepEqual([...seen].sort(), [...ALL_PAGES].sort())
})

test('what is wrong with an input is said in English', async () => {
  const demo = await stage.open('english-input', { lang: 'en' })
  await demo.button('Log in').click()
  await demo.button('Use a username').click()
  await demo.onPage('account').waitFor()
  await demo.button('Log in').click()
  await demo.toasts('Enter a username')
})

test('any other language than Chinese is met in English, and every Chinese in Chinese', async () => {
  const french = await stage.open('french', { lang: 'fr' })
  await french.button('Log in').waitFor()
  const taiwanese = await stage.open('taiwanese', { lang: 'zh_TW' })
  await taiwanese.button('去登录').waitFor()
})
