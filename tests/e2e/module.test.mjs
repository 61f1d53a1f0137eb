import { strict as assert } from 'node:assert'
import { after, before, test } from 'node:test'
import { Stage } from './lib/stage.mjs'

const stage = new Stage()

before(() => stage.set())

after(() => stage.strike())

test('a missing wasm file is said on the page; once it is there another try finds it', async () => {
  const demo = await stage.phone()
  const missing = (route) => route.fulfill({ status: 404 })
  await demo.page.route('**/*.wasm*', missing)
  await demo.open({ user: 'no-module' })
  await demo.top.getByText('登录组件加载失败').waitFor()
  assert.equal(await demo.invitation.count(), 0, 'nobody knows yet who is logged in')

  await demo.page.unroute('**/*.wasm*', missing)
  await demo.button('重试').click()
  await demo.logInAs('补上')
  assert.equal(await demo.member.innerText(), '补上')
})
