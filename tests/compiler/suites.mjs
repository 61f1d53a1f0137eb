// Test suites of the project, run on files that the compiler has made.
import { spawnSync } from 'node:child_process'
import { availableParallelism } from 'node:os'

// A test runner that finds itself below another one reports in a language of theirs.
const { NODE_TEST_CONTEXT, ...environment } = process.env

/** Runs the test files `paths`, or what of them is called like `names`, with `settings` added to their environment. */
export function runSuites(paths, { names = [], settings = {} } = {}) {
  const patterns = names.map((name) => `--test-name-pattern=/${name}/`)
  const options = [`--test-concurrency=${availableParallelism()}`, '--test-reporter=spec', ...patterns]
  const { status, stdout } = spawnSync(process.execPath, ['--test', ...options, ...paths], {
    encoding: 'utf8',
    env: { ...environment, ...settings },
    maxBuffer: 1 << 26,
  })
  const count = (what) => Number(stdout.match(new RegExp(`^. ${what} (\\d+)$`, 'm'))?.[1])
  return { status, passed: count('pass'), failed: count('fail'), failures: stdout.split('failing tests:')[1] }
}
