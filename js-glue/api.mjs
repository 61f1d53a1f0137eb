// The reference of the package's interface, docs/api.md, made of the types of its entries. It is committed, so that a change of the interface
// shows: `npm run api` writes it, `npm run api -- --check` fails where it is not up to date.
import { readFile, writeFile } from 'node:fs/promises'

const FILE = new URL('../docs/api.md', import.meta.url)
const APART = ['.', './dialects', './dialects/*'] // these are shown in other ways

const INTRODUCTION = `# API

由类型声明生成，不要手改：\`npm run api\`。Generated from the type declarations; do not edit: \`npm run api\`.
`

const { exports: places } = JSON.parse(await readFile(new URL('package.json', import.meta.url), 'utf8'))
const entries = Object.keys(places).filter((entry) => places[entry].types && !APART.includes(entry))
const typesOf = (entry) => readFile(new URL(places[entry].types, import.meta.url), 'utf8')

// A declaration begins in the first column, after its comment, and ends before the next one.
const BEGINNING = /^(?=\/\*\*|export |declare |import |type |interface )/m

/** The declarations of a file: `{ name, comment, code }`. */
function declarationsOf(source) {
  const pieces = source.split(BEGINNING)
  const declarations = []
  let comment = ''
  for (const piece of pieces) {
    if (piece.startsWith('/**')) {
      comment = piece
      continue
    }
    const name = /^(?:export )?(?:declare )?(?:type|interface|class|const|function) (\w+)/.exec(piece)?.[1]
    if (name) declarations.push({ name, comment: textOf(comment), code: codeOf(piece) })
    else if (piece.startsWith('export *') || piece.startsWith('export =')) declarations.push({ comment: textOf(comment), code: piece.trim() })
    comment = ''
  }
  return declarations
}

const textOf = (comment) => comment.replace(/^\/\*\*|\*\/\s*$/g, '').replace(/^ *\* ?/gm, '').trim()

// Without the comments of what follows.
const codeOf = (piece) => piece.trim().replace(/(\n+\/\/.*)+$/, '')

const shown = ({ name, comment, code }) => [
  name && `### ${name}\n`,
  comment && `${comment}\n`,
  `\`\`\`ts\n${code}\n\`\`\`\n`,
].filter(Boolean).join('\n')

const section = (title, declarations) => [`## ${title}\n`, ...declarations.map(shown)].join('\n')

const index = await typesOf('.')
const module = declarationsOf(await readFile(new URL('dist/weapp_login.d.ts', import.meta.url), 'utf8'))
const named = new Set(/export type \{(.+?)\} from '.\/weapp_login'/s.exec(index)[1].split(',').map((name) => name.trim()))
const presets = (await typesOf('./dialects')).matchAll(/^export const (\w+)/gm)

const reference = [
  INTRODUCTION,
  section('weapp-login', declarationsOf(index)),
  section('weapp-login: methods of a client', module.filter(({ name }) => name === 'LoginClient')),
  section('weapp-login: types', module.filter(({ name }) => named.has(name))),
  ...await Promise.all(entries.map(async (entry) => section(entry.replace('.', 'weapp-login'), declarationsOf(await typesOf(entry))))),
  `## weapp-login/dialects\n\n${Array.from(presets, ([, name]) => `\`${name}\``).join(', ')}: each a \`Dialect\`; each also in a file of its own, \`weapp-login/dialects/…\`.\n`,
].join('\n')

if (process.argv.includes('--check')) {
  const committed = await readFile(FILE, 'utf8').catch(() => '')
  if (committed !== reference) {
    console.error('docs/api.md is not what the types say. If the interface was meant to change: npm run api, and a line in js-glue/CHANGELOG.md.')
    process.exitCode = 1
  }
} else {
  await writeFile(FILE, reference)
}
