// What must be true before the package is published, and what would be published then. It publishes nothing: `cargo xtask release --dry-run`.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../', import.meta.url))
const TESTS = ['publishing', 'tarball', 'installed', 'api'].map((name) => `tests/package/${name}.test.mjs`)

// A test runner that finds itself below another one reports in a language of theirs.
const { NODE_TEST_CONTEXT, ...environment } = process.env

const run = (program, ...args) => {
  const { status, stdout, stderr } = spawnSync(program, args, { cwd: root, encoding: 'utf8', env: environment })
  return { ok: status === 0, text: `${stdout ?? ''}${stderr ?? ''}`.trim() }
}

/** The versions that the three files name. */
export const versionsIn = (read) => ({
  'Cargo.toml': /^version = "(.+)"$/m.exec(read('Cargo.toml'))?.[1],
  'js-glue/package.json': JSON.parse(read('js-glue/package.json')).version,
  'js-glue/CHANGELOG.md': /^## (\S+)/m.exec(read('js-glue/CHANGELOG.md'))?.[1],
})

export const versionProblem = (versions) => {
  const [version, ...others] = new Set(Object.values(versions))
  return version && others.length === 0 ? undefined : `the versions differ: ${JSON.stringify(versions)}`
}

/** Each gives what is wrong, or nothing. */
const CHECKS = {
  'nothing is uncommitted': () => {
    const { ok, text } = run('git', 'status', '--porcelain')
    return ok && text === '' ? undefined : text || 'git says nothing'
  },
  'Cargo.toml, package.json and CHANGELOG.md name one version': () =>
    versionProblem(versionsIn((path) => readFileSync(root + path, 'utf8'))),
  'publint and attw, the tarball, every entry imported and required, docs/api.md': () => {
    const { ok, text } = run(process.execPath, '--test', ...TESTS)
    return ok ? undefined : text
  },
}

function check() {
  for (const [what, problemOf] of Object.entries(CHECKS)) {
    const problem = problemOf()
    console.log(`${problem ? '✗' : '✓'} ${what}${problem ? `\n${problem}` : ''}`)
    if (problem) process.exitCode = 1
  }
  const { repository } = JSON.parse(readFileSync(`${root}js-glue/package.json`, 'utf8'))
  if (!repository) console.log('! package.json has no `repository`: no public address is known yet')
  console.log(`\nWhat npm publish would send:\n${run('npm', 'pack', '--dry-run', '--workspace', 'js-glue').text}`)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) check()
