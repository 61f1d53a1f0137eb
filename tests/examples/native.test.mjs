// "Build npm", and what WeChat's own compiler makes of the project for an upload.
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { buildNpm, compile } from '../compiler/project.mjs'
import { testExample } from './example.mjs'
import { tapNative } from './taps.mjs'

async function build(folder) {
  await buildNpm(folder)
  for (const [path, content] of await compile(folder)) {
    const file = join(folder, 'dist', path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, content)
  }
}

testExample('native', { build, tap: tapNative })
