// Takes the pictures of docs/screens.md: one sheet for each screen, on phones of three widths, light and dark, in both languages.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { walkScreens } from './lib/screens.mjs'
import { Stage } from './lib/stage.mjs'

const FOLDER = fileURLToPath(new URL('../../docs/screens/', import.meta.url))
const NAME = '𠮷野家'

const SIZES = [
  { width: 320, height: 568 },
  { width: 375, height: 812 },
  { width: 430, height: 932 },
]
const LANGUAGES = ['zh', 'en']
const SCHEMES = ['light', 'dark']

// One row for light, one for dark: the widths in Chinese, then in English.
const LOOKS = SCHEMES.flatMap((colorScheme) =>
  LANGUAGES.flatMap((language) => SIZES.map((size) => ({ colorScheme, language, size }))),
)
const SHEET = { width: 1240, picture: 196, quality: 62 }

async function walk(stage, { colorScheme, language, size }, number, sheets) {
  const demo = await stage.phone()
  await demo.page.setViewportSize(size)
  await demo.page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
  const visitor = { user: `screens-${number}`, username: `${NAME}${number}` }
  await walkScreens({ demo, language, ...visitor }, async (name) => {
    const picture = await demo.page.screenshot({ animations: 'disabled', caret: 'hide' })
    sheets.set(name, [...(sheets.get(name) ?? []), picture])
  })
  await demo.page.context().close()
}

/** All pictures of a screen on one, small enough to be kept. */
async function writeSheet(page, name, pictures) {
  const images = pictures.map((picture) => `<img src="data:image/png;base64,${picture.toString('base64')}">`).join('')
  const style = `body { display: grid; grid-template-columns: repeat(6, ${SHEET.picture}px); gap: 10px; align-items: start; margin: 0;
    padding: 7px; background: #c9d1cc } img { width: 100%; border-radius: 8px }`
  await page.setContent(`<style>${style}</style>${images}`)
  writeFileSync(join(FOLDER, `${name}.jpg`), await page.screenshot({ fullPage: true, type: 'jpeg', quality: SHEET.quality }))
}

async function main() {
  const stage = new Stage()
  const sheets = new Map()
  mkdirSync(FOLDER, { recursive: true })
  try {
    await stage.set()
    for (const [number, look] of LOOKS.entries()) {
      await walk(stage, look, number + 1, sheets)
      console.log(`${number + 1}/${LOOKS.length} ${look.size.width} px, ${look.colorScheme}, ${look.language}`)
    }
    const page = await stage.browser.newPage({ viewport: { width: SHEET.width, height: 400 } })
    for (const [name, pictures] of sheets) await writeSheet(page, name, pictures)
    console.log(`${sheets.size} sheets in ${FOLDER}`)
  } finally {
    await stage.strike()
  }
}

main().catch((error) => {
  console.error(error.message)
  process.exitCode = 1
})
