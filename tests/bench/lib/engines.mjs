// Does jobs, each in a process of its own, so that no job finds what another one has compiled.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { files } from './subjects.mjs'

const here = (path) => fileURLToPath(new URL(path, import.meta.url))
const LIMIT_MS = 300000

const jsc = (flags) => (job) => ['jsc', [...flags, here('../engines/jsc.js'), '--', here('../../'), job]]

export const V8 = 'V8'
export const JIT = 'JSC'
export const NO_JIT = 'JSC, no JIT'

const node = (flags) => (job) => [process.execPath, ['--expose-gc', ...flags, here('../engines/node.mjs'), job]]

const commands = {
  [V8]: node([]),
  [JIT]: jsc([]),
  [NO_JIT]: jsc(['--useJIT=0']),
}

// Without the compilers that optimize while a script runs.
const steady = {
  [V8]: node(['--no-opt']),
  [JIT]: jsc(['--useDFGJIT=0']),
  [NO_JIT]: commands[NO_JIT],
}

export function perform(engine, subject, measure, parameters = {}, { optimizing = true } = {}) {
  const command = (optimizing ? commands : steady)[engine]
  const [program, args] = command(JSON.stringify({ subject, measure, parameters, ...files(subject) }))
  const { status, error, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8', timeout: LIMIT_MS })
  if (error || status !== 0) {
    throw new Error(`${subject} in ${engine}, ${measure}: ${error?.message ?? (stderr || stdout)}`)
  }
  return JSON.parse(stdout)
}
