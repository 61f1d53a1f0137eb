// Records the flow page as an animated SVG for the README: node tests/e2e/flow-picture.mjs [FILE]
import { writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { FlowPage } from './lib/flow.mjs'
import { Stage } from './lib/stage.mjs'

const FILE = process.argv[2] ?? fileURLToPath(new URL('../../docs/flow.svg', import.meta.url))
const SHORT_S = 1.2
const LONG_S = 3.5
const QUALITY = 0.75
const WIDTH = 562 // one and a half times what is shown, for screens with fine pixels

const stage = new Stage()
const frames = []

try {
  await stage.set()
  await record(new FlowPage(await stage.open('picture', { page: 'pages/flow/flow' })))
  await writeFile(FILE, animation(frames))
  console.log(`${FILE}: ${frames.length} pictures`)
} finally {
  await stage.strike()
}

async function record(flow) {
  const frame = (seconds) => shoot(flow.demo.page, seconds)
  await flow.states()
  await frame(SHORT_S)

  // Each request is held until its picture is taken.
  let next = await flow.hold('/native/login')
  await flow.tap('登录并请求')
  for (const step of [1, 2, 7]) {
    const release = await next.arrived()
    await flow.running(step)
    await frame(SHORT_S)
    if (step !== 7) next = await flow.hold('/native/request')
    release()
  }
  await flow.says(/^七步走完/)
  await frame(LONG_S)

  for (const [button, sentence] of [['再请求一次', /^登录态还在/], ['20 个请求同时遇到失效', /^20 个请求/], ['微信繁忙', /^微信繁忙/]]) {
    await flow.tap(button)
    await flow.says(sentence)
    await flow.demo.page.locator('page:not([inert])').evaluate((page) => page.scrollTo({ top: 0 }))
    await frame(LONG_S)
  }
}

async function shoot(page, seconds) {
  const screen = page.locator('.mp-screen')
  const { width, height } = await screen.boundingBox()
  const png = await screen.screenshot({ animations: 'disabled' })
  frames.push({ seconds, width, height, image: await webp(page, png) })
}

/** The browser encodes it: the picture is a tenth of the size. */
function webp(page, png) {
  return page.evaluate(async ({ source, quality, width }) => {
    const image = new Image()
    image.src = source
    await image.decode()
    const canvas = document.createElement('canvas')
    canvas.width = width
    canvas.height = Math.round((image.naturalHeight / image.naturalWidth) * width)
    canvas.getContext('2d').drawImage(image, 0, 0, canvas.width, canvas.height)
    return canvas.toDataURL('image/webp', quality)
  }, { source: `data:image/png;base64,${png.toString('base64')}`, quality: QUALITY, width: WIDTH })
}

/** The pictures on top of each other, each visible in its time. */
function animation(pictures) {
  const total = pictures.reduce((sum, { seconds }) => sum + seconds, 0)
  const { width, height } = pictures[0]
  let at = 0
  const images = pictures.map(({ seconds, image }, index) => {
    const begin = at
    at += seconds
    const times = [0, begin / total, at / total].map((time) => time.toFixed(4))
    const shown = index === 0 ? ['visible', 'visible', 'hidden'] : ['hidden', 'visible', 'hidden']
    return `<image width="${width}" height="${height}" href="${image}" visibility="${index === 0 ? 'visible' : 'hidden'}">
<animate attributeName="visibility" calcMode="discrete" dur="${total}s" repeatCount="indefinite" keyTimes="${times.join(';')}" values="${shown.join(';')}"/>
</image>`
  })
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">
<title>登录流程 Login flow</title>
${images.join('\n')}
</svg>
`
}
