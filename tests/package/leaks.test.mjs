// What a call leaves behind in the module's memory, and in the app's signal: nothing.
import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { after, before, test } from 'node:test'

const require = createRequire(import.meta.url)
const { BASE_URL, createPhone, neverAnswers } = require('weapp-login/testing')
const { AbortController, createLoginClient } = require('weapp-login')

const CALLS = 9000
const AT_ONCE = 50

let phone, uninstall, login, memory

before(async () => {
  phone = createPhone()
  uninstall = phone.install()
  const { instantiate } = WXWebAssembly
  WXWebAssembly.instantiate = async (...args) => {
    const answer = await instantiate(...args)
    memory = answer.instance.exports.memory
    return answer
  }
  login = await createLoginClient({ baseUrl: BASE_URL })
  await login.ensureLogin()
})

after(() => uninstall())

// How much the memory has grown after many calls, once it has what a few of them need.
async function growth(call) {
  const batch = () => Promise.all(Array.from({ length: AT_ONCE }, call))
  await batch()
  const before = memory.buffer.byteLength
  for (let made = 0; made < CALLS; made += AT_ONCE) await batch()
  phone.calls.length = 0
  return memory.buffer.byteLength - before
}

test('calls with a signal that outlives them', async () => {
  const { signal } = new AbortController()
  let listening = 0
  const counted = {
    aborted: false,
    addEventListener(...listener) {
      listening += 1
      signal.addEventListener(...listener)
    },
    removeEventListener(...listener) {
      listening -= 1
      signal.removeEventListener(...listener)
    },
  }
  assert.equal(await growth(() => login.request({ url: 'order/echo', signal: counted })), 0)
  assert.equal(listening, 0)
})

test('calls that are aborted, with wx or waiting for a place', async () => {
  phone.always('request', neverAnswers())
  const abortedCall = async () => {
    const { signal, abort } = new AbortController()
    const call = assert.rejects(login.request({ url: 'order/echo', signal }), { code: 'aborted' })
    for (let turn = 0; turn < 5; turn += 1) await null
    abort()
    await call
  }
  assert.equal(await growth(abortedCall), 0)
  assert.equal(phone.clock.timersRunning(), 0)
})
