// Under what conditions was measured.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import os from 'node:os'

const lock = JSON.parse(readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8'))
const version = (name) => `${name} ${lock.packages[`node_modules/${name}`].version}`
const output = (program, args) => execFileSync(program, args, { encoding: 'utf8' }).trim()
const load = () => os.loadavg()[0].toFixed(1)

// The shell of JavaScriptCore does not tell its version; the package that it came in does.
function jscVersion() {
  try {
    return output('sh', ['-c', 'dpkg-query -W -f "\\${Version}" "$(dpkg -S "$(command -v jsc)" | cut -d: -f1)"'])
  } catch {
    return 'of unknown version'
  }
}

export function conditionsBefore() {
  const before = load()
  return () => {
    const cpus = os.cpus()
    const rivals = ['wafer2-client-sdk', 'alova', 'axios', 'axios-auth-refresh'].map(version).join(', ')
    return {
      command: 'cargo xtask bench',
      load: `The machine's load average was ${before} at the start and ${load()} at the end, on ${cpus.length} processors, the bench itself ` +
        'being 1 of it: what is above that was other work, which makes every processor time longer, not shorter.',
      facts: [
        ['date', new Date().toISOString().slice(0, 10)],
        ['commit', output('git', ['describe', '--always', '--dirty', '--abbrev=10'])],
        ['machine', `${cpus.length} × ${cpus[0].model}, ${Math.round(os.totalmem() / 2 ** 30)} GB`],
        ['system', `${os.type()} ${os.arch()}`],
        ['V8', `${process.versions.v8}, in node ${process.versions.node}`],
        ['JSC', jscVersion()],
        ['rivals', rivals],
      ],
    }
  }
}
