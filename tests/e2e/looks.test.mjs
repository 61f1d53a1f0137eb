// What can be measured of how the demo looks: for people who cannot see it well, with large text, on narrow phones.
import { strict as assert } from 'node:assert'
import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { walkScreens } from './lib/screens.mjs'
import { Stage } from './lib/stage.mjs'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const MINIPROGRAM = fileURLToPath(new URL('../../miniprogram-demo/miniprogram/', import.meta.url))
const SMALLEST_TARGET = 44
// As high as the preview's phone has it.
const HOME_BAR = 34

const stage = new Stage()

before(() => stage.set())

after(() => stage.strike())

let phones = 0

/** Walks over every screen of a phone of that width and look, and collects what `examine` finds wrong on each. */
async function findings({ width, height = 800, colorScheme, language, text }, examine) {
  phones += 1
  const demo = await stage.phone()
  await demo.page.setViewportSize({ width, height })
  await demo.page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
  const found = []
  let screens = 0
  await walkScreens({ demo, language, user: `looks-${phones}`, username: `looks-${phones}`, text }, async (name) => {
    screens += 1
    for (const finding of await examine(demo.page)) found.push(`${name}: ${finding}`)
  })
  assert.ok(screens >= 12, `only ${screens} screens were seen`)
  return found
}

async function accessibility(page) {
  await page.evaluate(AXE)
  const { violations } = await page.evaluate(() => self.axe.run('.mp-screen'))
  const serious = violations.filter(({ impact }) => ['serious', 'critical'].includes(impact))
  return serious.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id} ${html.slice(0, 200)} ${failureSummary}`))
}

/** What can be tapped (a test below sees to it that all of it has a role) and is too small, or stands out of the screen, or text that is cut off without an ellipsis. */
function layout(page) {
  return page.evaluate((smallest) => {
    const found = []
    const top = document.querySelector('page:not([inert])')
    const seen = (element) => element.getClientRects().length > 0
    for (const element of top.querySelectorAll('wx-button, wx-input, [role="button"], [role="link"]')) {
      const { width, height } = element.getBoundingClientRect()
      if (seen(element) && (width < smallest || height < smallest)) found.push(`target of ${width} × ${height}: ${element.innerText}`)
    }
    const title = document.querySelector('.mp-title')
    if (title.scrollWidth > title.clientWidth) found.push(`title that is cut off: ${title.innerText}`)
    if (top.scrollWidth > top.clientWidth) found.push(`wider than the screen by ${top.scrollWidth - top.clientWidth} px`)
    for (const element of top.querySelectorAll('wx-button, wx-view, wx-text')) {
      const hasText = [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim())
      const { textOverflow } = getComputedStyle(element)
      if (hasText && textOverflow !== 'ellipsis' && element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 0) {
        found.push(`text that is cut off: ${element.innerText}`)
      }
    }
    return found
  }, SMALLEST_TARGET)
}

for (const colorScheme of ['light', 'dark']) {
  test(`axe finds nothing serious on any ${colorScheme} screen`, async () => {
    assert.deepEqual(await findings({ width: 375, colorScheme, language: 'zh' }, accessibility), [])
  })
}

for (const [width, language] of [[320, 'zh'], [320, 'en'], [430, 'en']]) {
  test(`at ${width} px, in ${language}, everything fits and can be tapped`, async () => {
    assert.deepEqual(await findings({ width, colorScheme: 'light', language }, layout), [])
  })
}

/** What the bar at the bottom of the screen covers when the page is scrolled to its end. */
function underHomeBar(page) {
  return page.evaluate((inset) => {
    const top = document.querySelector('page:not([inert])')
    top.scrollTo({ top: top.scrollHeight })
    const end = document.querySelector('.mp-screen').getBoundingClientRect().bottom - inset
    const parts = [...top.querySelectorAll('wx-button, wx-input, .card')].filter((element) => element.getClientRects().length > 0)
    return parts.filter((element) => element.getBoundingClientRect().bottom > end + 1).map((element) => element.innerText)
  }, HOME_BAR)
}

test('nothing ends under the bar at the bottom of the screen', async () => {
  assert.deepEqual(await findings({ width: 520, colorScheme: 'light', language: 'en', height: 700 }, underHomeBar), [])
})

test('text that the user has set much larger is larger, and fits', async () => {
  assert.deepEqual(await findings({ width: 375, colorScheme: 'light', language: 'en', text: 23 }, layout), [])
  const sizes = []
  for (const text of [undefined, 23]) {
    const demo = await stage.open('sizes', { text })
    sizes.push(parseFloat(await demo.invitation.evaluate((element) => getComputedStyle(element).fontSize)))
  }
  assert.ok(sizes[1] > sizes[0] * 1.4, sizes.join())
})

test('whatever can be tapped is a button or says what it is', () => {
  const templates = readdirSync(MINIPROGRAM, { recursive: true }).filter((path) => path.endsWith('.wxml'))
  assert.ok(templates.length > 12, templates.join())
  const found = templates.flatMap((path) => tappableWithoutRole(readFileSync(join(MINIPROGRAM, path), 'utf8')).map((tag) => `${path}: ${tag}`))
  assert.deepEqual(found, [])
  assert.deepEqual(tappableWithoutRole('<view bind:tap="a"/><view aria-role="link" bindtap="b"/><button catch:tap="c">'), ['<view bind:tap="a"/>'])
})

function tappableWithoutRole(template) {
  const tags = template.match(/<[a-z][^>]*>/g) ?? []
  return tags.filter((tag) => /\s(?:bind|catch):?tap=/.test(tag) && !/^<button\s/.test(tag) && !/\saria-role="(?:button|link)"/.test(tag))
}
