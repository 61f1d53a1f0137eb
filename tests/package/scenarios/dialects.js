// Servers of other dialects, reached by configuration alone. Each fake knows nothing but its own dialect.
'use strict'

const { PROFILE, options } = require('./given.js')

const HOST = 'https://api.example.com'
const JWT_WITHOUT_END = 'eyJ1c2VyX2lkIjoxLCJpYXQiOjE3MzY5MjgwMDB9' // {"user_id":1,"iat":1736928000}

const DIALECTS = [
  {
    name: 'litemall',
    config: { baseUrl: `${HOST}/wx/` },
    root: `${HOST}/wx/`,
    login: 'auth/login_by_weixin',
    info: 'auth/info',
    header: 'X-Litemall-Token',
    token: (n) => `secret-token-${n}`,
    user: { nickName: '小明', avatarUrl: 'a.png', gender: 1, userId: 7, registerDate: '2019-04-25', userLevelDesc: '普通用户' },
    loggedIn: (token, userInfo) =>
      ({ errno: 0, errmsg: '成功', data: { token, tokenExpire: '2019-04-25T12:34:56.789', userInfo } }),
    ok: (data) => ({ errno: 0, errmsg: '成功', data }),
    signedOut: [{ data: { errno: 501, errmsg: '请登录' } }],
    // What another dialect's "signed out" looks like means something else here.
    business: { errno: 401, errmsg: '参数不对' },
    refusal: { body: { errno: -1, errmsg: '错误' }, error: { code: 'rejected', errno: -1, errmsg: '错误' } },
    loggedOut: { errno: 0 },
  },
  {
    name: 'nideshop',
    config: {
      baseUrl: `${HOST}/api/`,
      dialect: {
        login: { url: 'auth/loginByWeixin', send: { code: '$code', userInfo: '$userInfo' } },
        check: { url: 'user/info' },
        logout: { url: 'auth/logout' },
        token: { header: 'X-Nideshop-Token' },
        signedOut: { errno: 401 },
        refusals: { code_expired: { errno: 40029 } },
      },
    },
    root: `${HOST}/api/`,
    login: 'auth/loginByWeixin',
    info: 'user/info',
    header: 'X-Nideshop-Token',
    token: (n) => `secret.${JWT_WITHOUT_END}.${n}`,
    user: { id: 7, username: '微信用户7', nickname: '小明', gender: 1, avatar: 'a.png', birthday: 0 },
    loggedIn: (token, userInfo) => ({ errno: 0, errmsg: '', data: { token, userInfo } }),
    ok: (data) => ({ errno: 0, errmsg: '', data }),
    signedOut: [{ data: { errno: 401, errmsg: '请先登录' } }],
    business: { errno: 501, errmsg: '库存不足' },
    refusal: { body: { errno: 40029, errmsg: 'invalid code' }, error: { code: 'code_expired', errno: 40029, errmsg: 'invalid code' } },
    loggedOut: { errno: 0 },
  },
  {
    name: 'wafer2',
    config: {
      baseUrl: `${HOST}/weapp/`,
      dialect: {
        success: { code: 0 },
        message: 'error',
        login: { url: 'login', send: { code: '$code', userInfo: '$userInfo' } },
        check: { url: 'user' },
        logout: { url: 'auth/logout' },
        token: { at: 'data.skey', header: 'X-WX-Skey' },
        user: { at: 'data.userinfo', id: 'openId' },
        signedOut: [{ code: -1 }, { $status: 401 }],
      },
    },
    root: `${HOST}/weapp/`,
    login: 'login',
    info: 'user',
    header: 'X-WX-Skey',
    token: (n) => `secret-skey-${n}`,
    user: { openId: 'openid-1', nickName: '小明', avatarUrl: 'a.png', watermark: { appid: 'wx' } },
    loggedIn: (skey, userinfo) => ({ code: 0, data: { skey, userinfo } }),
    ok: (data) => ({ code: 0, data }),
    signedOut: [{ data: { code: -1, data: {} } }, { statusCode: 401, data: '' }],
    business: { code: 501, data: {} },
    refusal: { body: { code: 500, error: '登录失败' }, error: { code: 'rejected', errno: 500, errmsg: '登录失败' } },
    loggedOut: { code: 0 },
  },
]

const createServer = (dialect, fake) => {
  const tokens = new Set()
  let given = 0
  const server = {
    user: dialect.user,
    signedOut: dialect.signedOut[0],
    refusal: undefined,
    revokeAll: () => tokens.clear(),
    requests: (path) => fake.calls.filter(({ api, options: sent }) => api === 'request' && sent.url === dialect.root + path),
    tokensSent: (path) => server.requests(path).map((call) => call.options.header[dialect.header]),
  }

  const logIn = () => {
    if (server.refusal) return { data: server.refusal }
    given += 1
    tokens.add(dialect.token(given))
    return { data: dialect.loggedIn(dialect.token(given), server.user) }
  }

  const asUser = ({ header }, data) => (tokens.has(header[dialect.header]) ? { data } : server.signedOut)

  const answer = (sent) => {
    const routes = {
      [`POST ${dialect.root}${dialect.login}`]: logIn,
      [`GET ${dialect.root}${dialect.info}`]: () => asUser(sent, dialect.ok(server.user)),
      [`GET ${dialect.root}order/list`]: () => asUser(sent, dialect.ok({ orders: [{ id: 1 }] })),
      [`GET ${dialect.root}goods/buy`]: () => asUser(sent, dialect.business),
    }
    const route = routes[`${sent.method} ${sent.url}`]
    return route ? route() : { statusCode: 404, data: 'no such page' }
  }

  fake.always('request', (call) => call.succeed(Object.assign({ statusCode: 200 }, answer(call.options))))
  return server
}

const optionsOf = (world, dialect, fake) => options(world, fake, dialect.config)

const begin = async (world, dialect) => {
  const fake = world.createFakeWx()
  const server = createServer(dialect, fake)
  const client = await world.createLoginClient(optionsOf(world, dialect, fake))
  return { fake, server, client }
}

const signedIn = async (world, dialect) => {
  const made = await begin(world, dialect)
  await made.client.loginByWeixin(PROFILE)
  return made
}

const scenarios = {
  'signs in, and shows the user as the server names them': async (world, dialect) => {
    const { assert } = world
    const { fake, server, client } = await begin(world, dialect)
    assert.deepEqual(await client.loginByWeixin(PROFILE), dialect.loggedIn(dialect.token(1), dialect.user))
    assert.equal(fake.count('request'), 1, 'requests')
    const [{ options: sent }] = server.requests(dialect.login)
    assert.deepEqual(sent.data, { code: 'secret-code-1', userInfo: PROFILE })
    assert.deepEqual(client.session.userInfo, dialect.user)
    assert.deepEqual(client.authHeader(), { [dialect.header]: dialect.token(1) })
  },

  'a session whose end nobody knows is asked for after a restart': async (world, dialect) => {
    const { assert } = world
    const { fake, server, client } = await signedIn(world, dialect)
    assert.equal(client.session.expiresAt, null)
    const again = await world.phone.startModule().createLoginClient(optionsOf(world, dialect, fake))
    assert.equal(await again.checkLogin(), true)
    assert.deepEqual(server.tokensSent(dialect.info), [dialect.token(1)])
    server.revokeAll()
    fake.appShow()
    assert.equal(await assert.rejection(again.checkLogin()), false)
  },

  'every form of "signed out" leads to one login, and the request once more': async (world, dialect) => {
    const { assert } = world
    for (const signedOut of dialect.signedOut) {
      const { server, client } = await signedIn(world, dialect)
      server.signedOut = signedOut
      server.revokeAll()
      const bodies = await Promise.all([1, 2, 3].map(() => client.request({ url: 'order/list' })))
      bodies.forEach((body) => assert.deepEqual(body, dialect.ok({ orders: [{ id: 1 }] })))
      assert.equal(server.requests(dialect.login).length, 2, 'logins')
      const [old, fresh] = [dialect.token(1), dialect.token(2)]
      assert.deepEqual(server.tokensSent('order/list'), [old, old, old, fresh, fresh, fresh])
    }
  },

  'an answer that means "signed out" elsewhere is the page\'s business': async (world, dialect) => {
    const { server, client } = await signedIn(world, dialect)
    world.assert.deepEqual(await client.request({ url: 'goods/buy' }), dialect.business)
    world.assert.equal(server.requests(dialect.login).length, 1, 'logins')
  },

  'a refused login gives the number and the text of the server': async (world, dialect) => {
    const { server, client } = await begin(world, dialect)
    server.refusal = dialect.refusal.body
    await world.assert.loginError(client.loginByWeixin(PROFILE), dialect.refusal.error.code, dialect.refusal.error)
  },

  'an old page\'s request to sign out is answered in its dialect': async (world, dialect) => {
    const fake = world.createFakeWx()
    createServer(dialect, fake)
    const compat = world.phone.startCompat().createCompat(optionsOf(world, dialect, fake))
    await compat.loginByWeixin(PROFILE)
    world.assert.deepEqual(await compat.request('auth/logout', {}, 'POST'), dialect.loggedOut)
    world.assert.equal((await compat.client).session, null)
  },
}

// wafer2's users have no number: a phone has one WeChat user.
const NUMBERED = { litemall: 'userId', nideshop: 'id' }

const userChanged = (dialect) => ({
  name: `${dialect.name}: a request is not sent once more for a user of another \`${NUMBERED[dialect.name]}\``,
  async run(world) {
    const { server, client } = await signedIn(world, dialect)
    server.revokeAll()
    server.user = Object.assign({}, dialect.user, { [NUMBERED[dialect.name]]: 8 })
    await world.assert.loginError(client.request({ url: 'order/list' }), 'user_changed')
    world.assert.equal(server.requests('order/list').length, 1, 'requests')
  },
})

const allOf = (dialect) => Object.keys(scenarios).map((name) => ({
  name: `${dialect.name}: ${name}`,
  run: (world) => scenarios[name](world, dialect),
}))

module.exports = [].concat(...DIALECTS.map(allOf), DIALECTS.filter(({ name }) => NUMBERED[name]).map(userChanged))
