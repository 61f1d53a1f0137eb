// What a server, or the way to it, can answer to a login.
'use strict'

const { LOGIN, PROFILE, newClient, signedIn } = require('./given.js')
const { answersTwice, fails, succeeds, throws } = require('../../../js-glue/testing/fake-wx.js')

const HTML = '<html><body>502 Bad Gateway</body></html>'

// [what the server answers, its reply, code, details]
const REPLIES = [
  ['HTML', { text: HTML }, 'bad_response', { status: 200 }],
  ['an empty body', { text: '' }, 'bad_response', { status: 200 }],
  ['null', { json: null }, 'bad_response', { status: 200 }],
  ['a list', { json: [{ errno: 0 }] }, 'bad_response', { status: 200 }],
  ['a number', { json: 0 }, 'bad_response', { status: 200 }],
  ['no errno', { json: { data: { token: 'secret' } } }, 'bad_response', { status: 200 }],
  ['errno with a fraction', { json: { errno: 0.5, data: { token: 'secret' } } }, 'bad_response', { status: 200 }],
  ['errno null', { json: { errno: null } }, 'bad_response', { status: 200 }],
  ['errno 0 without data', { json: { errno: 0, errmsg: '成功' } }, 'bad_response', { status: 200 }],
  ['errno 0 with data that is a list', { json: { errno: 0, data: ['secret'] } }, 'bad_response', { status: 200 }],
  ['errno 0 without a token', { json: { errno: 0, data: { userInfo: {} } } }, 'bad_response', { status: 200 }],
  ['errno 0 with an empty token', { json: { errno: 0, data: { token: '' } } }, 'bad_response', { status: 200 }],
  ['errno 0 with a token that is no text', { json: { errno: 0, data: { token: 42 } } }, 'bad_response', { status: 200 }],
  ['a userInfo that is a text', { json: { errno: 0, data: { token: 'secret', userInfo: '[object Object]' } } },
    'bad_response', { status: 200 }],
  ['HTTP 500', { status: 500, text: HTML }, 'server_error', { status: 500 }],
  ['HTTP 500 with an envelope', { status: 500, json: { errno: 0, data: { token: 'secret' } } }, 'server_error',
    { status: 500 }],
  ['HTTP 429', { status: 429, text: '' }, 'server_error', { status: 429 }],
  ['HTTP 404', { status: 404, text: HTML }, 'server_error', { status: 404 }],
  ['HTTP 401', { status: 401, text: '' }, 'server_error', { status: 401 }],
  ['errno -1', { json: { errno: -1, errmsg: '' } }, 'rejected', { errno: -1, errmsg: '' }],
  ['errno 401, a bad argument', { json: { errno: 401, errmsg: '参数不对' } }, 'rejected', { errno: 401, errmsg: '参数不对' }],
  ['errno 501', { json: { errno: 501, errmsg: '请登录' } }, 'rejected', { errno: 501, errmsg: '请登录' }],
  ['errno 502 without a text', { json: { errno: 502 } }, 'rejected', { errno: 502 }],
  ['errno 711', { json: { errno: 711, errmsg: '微信繁忙' } }, 'wechat_busy', { errno: 711, errmsg: '微信繁忙' }],
  ['errno 712', { json: { errno: 712, errmsg: 'code 无效' } }, 'code_expired', { errno: 712, errmsg: 'code 无效' }],
  ['errno 713', { json: { errno: 713, errmsg: '太频繁' } }, 'too_frequent', { errno: 713, errmsg: '太频繁' }],
  ['errno 714', { json: { errno: 714, errmsg: '被限制' } }, 'login_blocked', { errno: 714, errmsg: '被限制' }],
]

// [how wx.request goes, its behaviour, code, details]
const FAILURES = [
  ['fails with a timeout', fails({ errMsg: 'request:fail timeout', errno: 5 }), 'timeout',
    { errMsg: 'request:fail timeout', errno: 5 }],
  ['fails with a timeout, no number', fails({ errMsg: 'request:fail timeout' }), 'timeout',
    { errMsg: 'request:fail timeout', errno: undefined }],
  ['fails with a timeout in Chinese', fails({ errMsg: 'request:fail 请求超时' }), 'timeout',
    { errMsg: 'request:fail 请求超时' }],
  ['fails without a network', fails({ errMsg: 'request:fail -130:net::ERR_FAILED', errno: 600001 }), 'network',
    { errMsg: 'request:fail -130:net::ERR_FAILED', errno: 600001 }],
  ['is interrupted in the background', fails({ errMsg: 'request:fail interrupted', errno: 600003 }), 'network',
    { errMsg: 'request:fail interrupted', errno: 600003 }],
  ['fails with nothing', fails(undefined), 'network'],
  ['fails with a text', fails('broken'), 'network', { errMsg: 'broken' }],
  ['throws', throws(new Error('no request today')), 'network', { errMsg: 'no request today' }],
  ['succeeds with nothing', (call) => call.succeed({ statusCode: undefined, data: undefined }), 'server_error'],
  ['succeeds with a status that is a text', succeeds({ statusCode: '200', data: { errno: 0 } }), 'bad_response'],
]

const isUntouched = (world, { fake, client }) => {
  world.assert.equal(client.session.userInfo.nickName, PROFILE.nickName)
  world.assert.deepEqual(client.authHeader(), { 'X-Litemall-Token': 'secret-token-1' })
  world.assert.equal(fake.stored(fake.storedKeys()[0]).token, 'secret-token-1', 'the token in the storage')
}

const replies = REPLIES.map(([answer, reply, code, details]) => ({
  name: `the server answers with ${answer}: ${code}, and nothing is stored (behaviours 10, 13)`,
  async run(world) {
    const { fake, client } = await newClient(world)
    fake.server.always(LOGIN, reply)
    await world.assert.loginError(client.loginByWeixin(PROFILE), code, details)
    fake.server.always(LOGIN)
    world.assert.equal(client.session, null)
    world.assert.deepEqual(fake.storedKeys(), [])
    world.assert.equal((await client.loginByWeixin(PROFILE)).errno, 0, 'errno of the next login')
  },
}))

const failures = FAILURES.map(([situation, behaviour, code, details]) => ({
  name: `wx.request ${situation}: ${code}, and the session that was there stays (behaviours 12, 29)`,
  async run(world) {
    const { fake, client } = await signedIn(world)
    fake.always('request', behaviour)
    await world.assert.loginError(client.loginByWeixin(PROFILE), code, details)
    isUntouched(world, { fake, client })
  },
}))

module.exports = replies.concat(failures, [
  {
    name: 'an answer of the server that cannot be used leaves the session that was there (behaviours 13, 29)',
    async run(world) {
      const { fake, client } = await signedIn(world)
      for (const [, reply, code] of REPLIES) {
        fake.server.always(LOGIN, reply)
        await world.clock.advance(1000) // WeChat gives 4 codes a second
        await world.assert.loginError(client.loginByWeixin(PROFILE), code)
        isUntouched(world, { fake, client })
      }
    },
  },
  {
    name: 'wx.request answers twice: one session, written once',
    async run(world) {
      const { fake, client } = await newClient(world)
      fake.next('request', answersTwice())
      world.assert.equal((await client.loginByWeixin()).errno, 0)
      await world.clock.settle()
      world.assert.equal(fake.count('setStorageSync'), 1, 'writes')
    },
  },
  {
    name: 'isLoginError knows the errors of the package, those of the module and those of the glue, and nothing else',
    async run(world) {
      const { isLoginError } = world.phone.startModule()
      const { fake, client } = await newClient(world)
      fake.server.next(LOGIN, { status: 500, text: HTML })
      const ofModule = await world.assert.rejection(client.loginByWeixin())
      const ofGlue = await world.assert.rejection(client.request({ url: 'a', success() {} }))
      world.assert.deepEqual([ofModule, ofGlue].map(isLoginError), [true, true])
      const others = [undefined, null, false, 'LoginError', new Error('x'), { name: 'LoginError' }]
      world.assert.deepEqual(others.map(isLoginError), others.map(() => false))
    },
  },
  {
    name: 'each of many callers gets an error of its own',
    async run(world) {
      const { fake, client } = await newClient(world)
      fake.server.next(LOGIN, { status: 500, text: HTML })
      const errors = await Promise.all([1, 2].map(() => world.assert.rejection(client.loginByWeixin())))
      world.assert.ok(errors[0] !== errors[1], 'two callers got the very same error object')
    },
  },
])
