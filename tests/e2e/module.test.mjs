import { strict as assert } from 'node:assert'
import { after, before, test } from 'node:test'
import { Stage } from './lib/stage.mjs'

const stage = new Stage()

before(() => stage.set())

after(() => stage.strike())

test('a missing wasm file gets a toast; once it is there the next use finds it', async () => {
  const demo = await stage.phone()
  const missing = (route) => route.fulfill({ status: 404 })
  await demo.page.route('**/*.wasm*', missing)
  await demo.open({ user: 'no-module' })
  assert.match(await demo.toast.innerText(), /^登录组件加载失败/)
  await demo.invitation.waitFor()

  await demo.page.unroute('**/*.wasm*', missing)
  await demo.logInAs('补上')
  assert.equal(await demo.member.innerText(), '补上')
})
