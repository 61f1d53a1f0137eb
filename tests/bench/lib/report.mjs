// docs/bench.md
import { verdicts } from './aims.mjs'
import { better, floorMs, growth, inUse, overFloor, overhead } from './figures.mjs'
import { digits, kilobytes, spread } from './statistics.mjs'
import { BARE, labels } from './subjects.mjs'

const table = (head, rows) => [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
const name = ({ subject }) => labels[subject]

const coldTable = (rows) => table(
  ['engine', 'client', 'processor, ms', 'bridge calls', 'with modelled costs, ms'],
  rows.map((row) => [row.engine, name(row), spread(row.time), row.bridgeCalls, digits(row.modelledMs)]),
)

const warmTable = (rows) => table(
  ['engine', 'client', 'processor, µs', 'bridge calls', 'with modelled costs, µs'],
  rows.map((row) => [row.engine, name(row), spread(row.time), row.bridgeCalls, digits(row.modelledMs * 1000)]),
)

const requestTable = (rows) => table(
  ['engine', 'client', 'processor, µs', 'more than bare, µs', 'bridge calls', 'with modelled costs, ms', 'ratio to bare'],
  rows.map((row) => {
    const { us, ratio } = overhead(rows, row)
    const who = row.subject === BARE ? 'bare `wx.request`' : name(row)
    return [row.engine, who, spread(row.time), digits(us), row.bridgeCalls, row.modelledMs.toFixed(2), ratio.toFixed(3)]
  }),
)

// A time of requests that were not answered would look like speed.
const stormTimes = (row) => (row.answered === row.size
  ? [digits(row.modelledMs), overFloor(row).toFixed(3)]
  : ['not finished', '–'])

const stormTable = (rows) => table(
  ['engine', 'client', 'requests', 'answered', 'rejected', 'hung', 'wx.login', 'login posts', 'replays', 'visits to the login page',
    'processor, ms', 'total, ms', 'ratio to the floor'],
  rows.map((row) => [row.engine, name(row), row.size, row.answered, row.rejected, row.hung, row.wxLogins, row.loginPosts,
    row.replays, row.loginPages, spread(row.time), ...stormTimes(row)]),
)

const memoryTable = (rows) => table(
  ['engine', 'client', 'heap + wasm at the end', 'growth', 'growth with optimized code'],
  rows.map((row) => {
    const { heap, wasm } = row.steady[row.steady.length - 1]
    return [row.engine, name(row), `${kilobytes(heap)} + ${kilobytes(wasm)}`, ...[row.steady, row.optimized].map((points) => kilobytes(growth(points)))]
  }),
)

const aimsTable = (measurements) => table(
  ['aim', 'measured', ''],
  verdicts(measurements).map(({ aim, found, met }) => [aim, found, met]),
)

const losses = ({ cold, checkLogin, session, request, storms, memory }) => {
  const processor = ({ time }) => time.typical
  const lines = (what, rows, measure) => better(rows, measure).map((row) =>
    `- ${what}, ${row.engine}: ${name(row)} is ${digits(row.factor)} times better.`)
  const answered = storms.filter((row) => row.answered === row.size)
  const sizes = [...new Set(answered.map(({ size }) => size))]
  return [
    ...lines('Cold start, processor', cold, processor),
    ...lines('Cold start, modelled costs', cold, ({ modelledMs }) => modelledMs),
    ...lines('Warm `checkLogin()`, processor', checkLogin, processor),
    ...lines('Warm `checkLogin()`, modelled costs', checkLogin, ({ modelledMs }) => modelledMs),
    ...lines('Warm `session`, processor', session, processor),
    ...lines('Warm `session`, modelled costs', session, ({ modelledMs }) => modelledMs),
    ...lines('Request, processor', request, processor),
    ...lines('Request, modelled costs', request, ({ modelledMs }) => modelledMs),
    ...sizes.flatMap((size) =>
      lines(`Storm of ${size}, total`, answered.filter((row) => row.size === size), ({ modelledMs }) => modelledMs)),
    ...lines('Memory after all logins', memory, ({ steady }) => inUse(steady[steady.length - 1])),
  ].join('\n')
}

export const report = (measurements, conditions) => `# Speed against the alternatives

Written by \`${conditions.command}\`, which measures everything below in one run and replaces this file.

${table(['', ''], conditions.facts)}

Times are lower quartiles, with the fastest and the median in brackets: "1.20 (1.10–1.40)". Nothing makes a sample shorter than its work is,
and on a virtual machine the work of others makes up to half of all samples longer. ${conditions.load}

![The main figures as bars](bench.svg)

## How it is measured

- Every client runs over the same fake \`wx\` and the same backend. *Processor* is the elapsed time with all costs 0. *Modelled costs* are
  1 ms for a synchronous storage call, 2 ms for an asynchronous bridge call, and 100 ms more for a network round trip, with at
  most 10 requests in parallel; they pass on a virtual clock, to which the processor time is added.
- V8 is a bare context of node's, with code generation from strings off; JSC is JavaScriptCore's shell, with its JIT and, as on
  an iPhone, without. The rivals run in V8 only; \`weapp-login/no-wasm\`, the same module as JavaScript, is no rival and has no aims. Each sample of a cold start or of a storm is a process of its own.
- The *tutorial* is written for this comparison in the manner of the tutorials' \`user.js\` and \`util.js\`: two storage keys,
  \`wx.checkSession\` for each question, and errno 501 opens the login page and leaves the request's promise alone.
- \`alova\` (\`createServerTokenAuthentication\`) and \`axios\` (with \`axios-auth-refresh\`, default options) have adapters over
  \`wx.request\` and keep the token in the storage, as their documentation does. alova's response cache and its sharing of equal requests
  are off. axios hears status 401 where the server says errno 501. \`wafer2-client-sdk\` talks to a server of its own dialect.
- alova, axios and wafer2-client-sdk have no \`checkLogin()\`: theirs is the question whether the storage holds a token, and their
  \`session\` is what the storage holds. That is less than the others do: nobody checks that the session is still good.

## Aims

${aimsTable(measurements)}

## Where a rival does better

${losses(measurements)}

## Cold start

From the source text (in memory, not compiled) to the answer of the first \`checkLogin()\` with a stored session; for weapp-login with the
compilation of its module.

${coldTable(measurements.cold)}

## Warm \`checkLogin()\`

${warmTable(measurements.checkLogin)}

## Warm \`session\`

${warmTable(measurements.session)}

## A request

An authenticated GET, one after the other, against \`wx.request\` in a promise with the token in its header.

${requestTable(measurements.request)}

## A storm

So many requests at once on a token that the server has revoked. The floor is a failed round trip, a login and a replay for everyone, 10
at a time: ${[...new Set(measurements.storms.map(({ size }) => size))].map((size) => `${floorMs(size)} ms for ${size}`).join(', ')}.

${stormTable(measurements.storms)}

## Memory

What is in use, after garbage collections: the whole heap of the process, with the fake phone in it, plus the module's own memory. The growth
is from the 100th login and logout to the 10,000th. Code that the engine optimizes meanwhile counts as heap and would hide a leak
of 200 KB, so the growth that counts is that without the optimizing compilers (V8 \`--no-opt\`, JSC \`--useDFGJIT=0\`).

${memoryTable(measurements.memory)}
`
