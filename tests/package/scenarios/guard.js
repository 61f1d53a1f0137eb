// The page guard: when it sends a visitor to the login page, and where from there.
'use strict'

const { LOGIN, PROFILE, newClient } = require('./given.js')
const { fails, neverAnswers } = require('../../../js-glue/testing/fake-wx.js')

const LOGIN_PAGE = '/pages/login/login'
const ORDER = '/pages/order/order?id=7&from=%E5%88%86%E4%BA%AB'
const FULL = { errMsg: 'navigateTo:fail webview count limit exceed' }

const opened = (url) => {
  const [path, query = ''] = url.split('?')
  const pairs = query.split('&').filter(Boolean).map((pair) => pair.split('='))
  const options = {}
  pairs.forEach(([key, value]) => { options[key] = value })
  return { route: path.slice(1), options }
}

// A stack of pages, moved by what navigates over the fake.
const withPages = ({ phone, clock }, fake, urls) => {
  const pages = urls.map(opened)
  const moves = {
    navigateTo: (url) => pages.push(opened(url)),
    redirectTo: (url) => pages.splice(-1, 1, opened(url)),
    switchTab: (url) => pages.splice(0, pages.length, opened(url)),
    reLaunch: (url) => pages.splice(0, pages.length, opened(url)),
    navigateBack: () => pages.pop(),
  }
  Object.keys(moves).forEach((name) => {
    fake.always(name, (call) => clock.soon(() => {
      moves[name](call.options.url)
      call.succeed({})
    }))
  })
  phone.setGlobals({ getCurrentPages: () => pages })
  return pages
}

const shown = (pages) => pages.map(({ route, options }) => {
  const query = Object.keys(options).map((key) => `${key}=${options[key]}`).join('&')
  return `/${route}${query && `?${query}`}`
})

const LOGIN_FOR_ORDER = `${LOGIN_PAGE}?to=${encodeURIComponent(ORDER)}`

// Somebody who has logged out, with these pages open.
const visitor = async (world, urls = ['/pages/home/home', ORDER]) => {
  const { fake, client } = await newClient(world)
  await client.logout()
  const pages = withPages(world, fake, urls)
  const { requireLogin, leaveLogin } = world.phone.startGuard()
  const guarded = (others) => requireLogin(Object.assign({ login: client, page: LOGIN_PAGE, wx: fake.wx }, others))
  return { fake, client, pages, guarded, leave: () => leaveLogin({ wx: fake.wx }) }
}

module.exports = [
  {
    name: 'guard: who is signed in, or may be silently, is let in',
    async run(world) {
      const { assert } = world
      const { fake, client } = await newClient(world)
      withPages(world, fake, [ORDER])
      const { requireLogin } = world.phone.startGuard()
      for (const logins of [1, 1]) {
        assert.equal(await requireLogin({ login: client, page: LOGIN_PAGE, wx: fake.wx }), true)
        assert.equal(fake.requests(LOGIN).length, logins, 'logins')
      }
      assert.equal(fake.navigations(), 0, 'navigations')
    },
  },
  {
    name: 'guard: others are sent to the login page, once however many ask, and come back to the page as it was',
    async run(world) {
      const { assert, clock } = world
      const { client, fake, pages, guarded, leave } = await visitor(world)
      const before = pages[1]
      assert.deepEqual(await Promise.all(Array.from({ length: 20 }, () => guarded())), Array(20).fill(false))
      await clock.settle()
      assert.equal(await guarded(), false)
      assert.deepEqual(shown(pages), ['/pages/home/home', ORDER, LOGIN_FOR_ORDER])
      assert.equal(fake.count('navigateTo'), 1, 'visits')
      await client.loginByWeixin(PROFILE)
      assert.equal(await leave(), true)
      assert.equal(pages[1], before, 'the page itself, with what was typed there')
      assert.equal(await guarded(), true)
    },
  },
  {
    name: 'guard: a full stack, and a tab, are opened another way; the visitor still gets where they wanted to, with the query',
    async run(world) {
      const { assert, clock } = world
      const ways = ['navigateTo', 'redirectTo', 'switchTab', 'reLaunch']
      for (let works = 1; works < ways.length; works += 1) {
        if (ways[works] === 'switchTab') continue // it takes no query: see below
        const { fake, pages, guarded, leave } = await visitor(world)
        ways.slice(0, works).forEach((way) => fake.always(way, fails(FULL)))
        assert.equal(await guarded(), false)
        await clock.settle()
        assert.deepEqual(shown(pages).slice(-1), [LOGIN_FOR_ORDER])
        assert.equal(await leave(), true)
        assert.deepEqual(shown(pages).slice(-1), [ORDER])
        assert.equal(fake.count('navigateTo'), 1)
      }
    },
  },
  {
    name: 'guard: a login page that is a tab is opened without a query, and has nowhere to go from',
    async run(world) {
      const { assert, clock } = world
      const { fake, pages, guarded, leave } = await visitor(world)
      const noTab = { errMsg: 'navigateTo:fail can not navigateTo a tabbar page' }
      const others = ['navigateTo', 'redirectTo']
      others.forEach((way) => fake.always(way, fails(noTab)))
      await guarded()
      await clock.settle()
      assert.deepEqual(shown(pages), [LOGIN_PAGE])
      assert.equal(await leave(), false)
    },
  },
  {
    name: 'guard: a tap that wants another page leads there after the login, and not back to the login page',
    async run(world) {
      const { assert, clock } = world
      const { pages, guarded, leave } = await visitor(world, ['/pages/home/home'])
      assert.equal(await guarded({ to: ORDER }), false)
      await clock.settle()
      await leave()
      assert.deepEqual(shown(pages), ['/pages/home/home', ORDER])
    },
  },
  {
    name: 'guard: hosts that decode the query bring the visitor to the same page',
    async run(world) {
      const { assert, clock } = world
      const { pages, guarded, leave } = await visitor(world, ['/pages/home/home'])
      await guarded({ to: ORDER })
      await clock.settle()
      pages[1].options.to = decodeURIComponent(pages[1].options.to)
      await leave()
      assert.deepEqual(shown(pages), ['/pages/home/home', ORDER])
    },
  },
  {
    name: 'guard: the login page that was opened by itself leads back, and nowhere from a link',
    async run(world) {
      const { assert } = world
      const { pages, leave } = await visitor(world, ['/pages/home/home', LOGIN_PAGE])
      assert.equal(await leave(), true)
      assert.deepEqual(shown(pages), ['/pages/home/home'])
      assert.equal(await (await visitor(world, [LOGIN_PAGE])).leave(), false)
    },
  },
  {
    name: 'guard: two taps on the login page leave it once',
    async run(world) {
      const { assert, clock } = world
      const { client, pages, guarded, leave } = await visitor(world)
      await guarded()
      await clock.settle()
      await client.loginByWeixin(PROFILE)
      assert.deepEqual(await Promise.all([leave(), leave()]), [true, true])
      assert.deepEqual(shown(pages), ['/pages/home/home', ORDER])
    },
  },
  {
    name: 'guard: what a link brings that is no page, or the login page itself, leads nowhere',
    async run(world) {
      const { assert } = world
      for (const to of ['%', '%E5%8', 'https://elsewhere.example', encodeURIComponent(LOGIN_PAGE), encodeURIComponent(`${LOGIN_PAGE}?to=1`)]) {
        const login = `${LOGIN_PAGE}?to=${to}`
        assert.equal(await (await visitor(world, [login])).leave(), false, to)
        const { pages, leave } = await visitor(world, ['/pages/home/home', login])
        assert.equal(await leave(), true, to)
        assert.deepEqual(shown(pages), ['/pages/home/home'])
      }
    },
  },
  {
    name: 'guard: a host that cannot go back says so, and one that calls nothing back is believed by what is open',
    async run(world) {
      const { assert, clock } = world
      const none = await visitor(world, ['/pages/home/home', LOGIN_PAGE])
      none.fake.wx.navigateBack = undefined
      assert.equal(await none.leave(), false)
      const mute = await visitor(world, ['/pages/home/home', LOGIN_FOR_ORDER])
      mute.fake.always('redirectTo', neverAnswers())
      const left = mute.leave()
      await clock.advance(3000)
      assert.equal(await left, false)
      const silent = await visitor(world, ['/pages/home/home'])
      silent.fake.always('navigateTo', neverAnswers())
      for (const visits of [1, 2]) {
        assert.equal(await silent.guarded(), false)
        await clock.advance(3000)
        assert.equal(silent.fake.count('navigateTo'), visits, 'the next visit is tried again')
      }
      assert.equal(clock.timersRunning(), 0, 'timers')
    },
  },
  {
    name: 'guard: where it cannot be known who is signed in, nobody is sent anywhere',
    async run(world) {
      const { assert } = world
      const { fake, client } = await newClient(world)
      withPages(world, fake, [ORDER])
      fake.always('request', fails({ errMsg: 'request:fail' }))
      const { requireLogin } = world.phone.startGuard()
      await assert.loginError(requireLogin({ login: client, page: LOGIN_PAGE, wx: fake.wx }), 'network')
      assert.equal(fake.navigations(), 0, 'navigations')
    },
  },
  {
    name: 'guard: who has left the login page is not sent there again by what was asked before',
    async run(world) {
      const { assert, clock } = world
      const { client, fake, pages, guarded } = await visitor(world)
      const ask = {}
      const slow = Object.create(client, { ensureLogin: { value: () => new Promise((_, reject) => { ask.refuse = reject }) } })
      const late = guarded({ login: slow })
      await guarded()
      await clock.settle()
      pages.pop()
      ask.refuse(Object.assign(new Error('signed out'), { code: 'signed_out', needsUser: true }))
      assert.equal(await late, false)
      await clock.settle()
      assert.equal(fake.count('navigateTo'), 1, 'visits')
    },
  },
  {
    name: 'guard: what cannot work is said by name',
    async run(world) {
      const { assert } = world
      const { guarded } = await visitor(world)
      const wrong = { page: [undefined, 'pages/login/login', 7], to: ['pages/order/order', null], login: [undefined, {}] }
      for (const field of Object.keys(wrong)) {
        for (const value of wrong[field]) {
          if (field === 'to' && value === undefined) continue
          await assert.loginError(guarded({ [field]: value }), 'invalid_argument', { field })
        }
      }
    },
  },
]
