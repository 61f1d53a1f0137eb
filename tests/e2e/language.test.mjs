// The demo in English: the whole way of a new member, and not one Chinese character on it.
import { strict as assert } from 'node:assert'
import { after, before, test } from 'node:test'
import { Stage } from './lib/stage.mjs'

const HAN = /\p{Script=Han}/u

const stage = new Stage()

before(() => stage.set())

after(() => stage.strike())

const readable = (demo) => demo.page.locator('.mp-screen').innerText()

test('a phone that speaks English gets every page in English', async () => {
  const demo = await stage.open('english', { lang: 'en' })
  const isEnglish = async () => assert.doesNotMatch(await readable(demo), HAN)
  await demo.button('Log in').click()
  await demo.onPage('login').waitFor()
  await isEnglish()

  await demo.button('Use a username').click()
  await demo.onPage('account').waitFor()
  await isEnglish()
  await demo.button('Log in').click()
  await demo.toasts('Enter a username')
  await demo.button('New account').click()
  await isEnglish()
  await demo.fillAccount({ username: 'english', password: 'a-secret-of-tea' })
  await demo.button('Register').click()
  await demo.member.waitFor()
  await isEnglish()

  await demo.openMe()
  await isEnglish()
  await demo.button('Change nickname').click()
  await demo.choice('Cancel').click()
  await demo.button('Log out').click()
  await isEnglish()
  await demo.choice('Log out').click()
  await demo.button('Log in').waitFor()
  await isEnglish()
})

test('any other language than Chinese is met in English, and every Chinese in Chinese', async () => {
  const french = await stage.open('french', { lang: 'fr' })
  await french.button('Log in').waitFor()
  const taiwanese = await stage.open('taiwanese', { lang: 'zh_TW' })
  await taiwanese.button('去登录').waitFor()
})
