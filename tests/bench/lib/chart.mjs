// docs/bench.svg: panels of horizontal bars, each with a scale of its own.
import { V8 } from './engines.mjs'
import { overhead } from './figures.mjs'
import { digits } from './statistics.mjs'
import { BARE, OURS, labels } from './subjects.mjs'

const WIDTH = 760
const LABEL = 200
const VALUE = 90
const ROW = 24
const TITLE = 34

const inV8 = (rows) => rows.filter(({ engine, subject }) => engine === V8 && subject !== BARE)
const bars = (rows, value, unit) =>
  rows.map((row) => ({ subject: row.subject, value: value(row), text: `${digits(value(row))} ${unit}` }))

const panels = ({ cold, checkLogin, request, storms }) => [
  { title: 'Cold start to the first checkLogin(), V8, processor: shorter is better', bars: bars(inV8(cold), ({ time }) => time.typical, 'ms') },
  { title: 'Warm checkLogin(), V8, modelled costs: shorter is better', bars: bars(inV8(checkLogin), ({ modelledMs }) => modelledMs * 1000, 'µs') },
  { title: 'A request, V8, processor more than a bare one: shorter is better', bars: bars(inV8(request), (row) => overhead(request, row).us, 'µs') },
  { title: '100 requests on an expired token: answered, longer is better', bars: bars(inV8(storms).filter(({ size }) => size === 100), ({ answered }) => answered, '%') },
  { title: '100 requests on an expired token: calls of wx.login, 1 is enough', bars: bars(inV8(storms).filter(({ size }) => size === 100), ({ wxLogins }) => wxLogins, '') },
]

function bar({ subject, value, text }, most, y) {
  const length = most > 0 ? Math.max(1, (Math.max(0, value) / most) * (WIDTH - LABEL - VALUE)) : 1
  const color = subject === OURS ? '#07a35a' : '#9aa5b1'
  return `<text x="${LABEL - 10}" y="${y + 14}" text-anchor="end">${labels[subject]}</text>
<rect x="${LABEL}" y="${y + 2}" width="${length.toFixed(1)}" height="${ROW - 8}" fill="${color}"/>
<text x="${(LABEL + length + 6).toFixed(1)}" y="${y + 14}">${text}</text>`
}

function panel({ title, bars }, top) {
  const most = Math.max(...bars.map(({ value }) => value))
  return `<text x="10" y="${top + 20}" font-weight="bold">${title}</text>
${bars.map((each, i) => bar(each, most, top + TITLE + i * ROW)).join('\n')}`
}

export function chart(measurements) {
  let height = 6
  const drawn = panels(measurements).map((each) => {
    const top = height
    height += TITLE + each.bars.length * ROW + 10
    return panel(each, top)
  })
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" font-family="sans-serif" font-size="13" fill="#222">
<rect width="${WIDTH}" height="${height}" fill="#fff"/>
${drawn.join('\n')}
</svg>
`
}
