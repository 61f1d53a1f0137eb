// What is checked before a release.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { versionProblem, versionsIn } from '../../js-glue/release.mjs'

const files = (cargo, npm, changes) => ({
  'Cargo.toml': `[package]\nname = "weapp-login-client"\nversion = "${cargo}"\n`,
  'js-glue/package.json': JSON.stringify({ version: npm }),
  'js-glue/CHANGELOG.md': `# Changes\n\n## ${changes}\n\ntext\n\n## 0.0.1\n`,
})
const problemOf = (texts) => versionProblem(versionsIn((path) => texts[path]))

test('one version in all three files is right', () => {
  assert.equal(problemOf(files('1.2.3', '1.2.3', '1.2.3')), undefined)
})

for (const versions of [['1.2.4', '1.2.3', '1.2.3'], ['1.2.3', '1.2.4', '1.2.3'], ['1.2.3', '1.2.3', '1.2.4']]) {
  test(`${versions.join(', ')} is refused`, () => {
    assert.match(problemOf(files(...versions)), /1\.2\.4/)
  })
}
