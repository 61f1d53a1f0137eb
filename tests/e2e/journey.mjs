import { mkdirSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { launchBrowser } from './lib/browser.mjs'
import { Demo } from './lib/demo.mjs'
import { walkJourney } from './lib/journey.mjs'

const USAGE = `Usage: node journey.mjs --preview URL --out DIR

Walks through the demo in headless Chromium, prints a line a step and leaves a screenshot of each in DIR.`

async function main() {
  const { preview, out } = readOptions()
  mkdirSync(out, { recursive: true })
  const browser = await launchBrowser()
  try {
    await walkJourney({
      demo: await Demo.onNewPhone(browser, preview),
      // A new visitor every time: the backend may remember those of earlier runs.
      user: `journey-${Date.now()}`,
      folder: out,
      report: console.log,
    })
  } finally {
    await browser.close()
  }
}

function readOptions() {
  const { values } = parseArgs({ options: { preview: { type: 'string' }, out: { type: 'string' } } })
  if (!values.preview || !values.out) throw new Error(USAGE)
  return values
}

main().catch((error) => {
  console.error(error.message)
  process.exitCode = 1
})
