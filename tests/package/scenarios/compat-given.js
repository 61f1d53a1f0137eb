// What the scenarios of the drop-in begin with.
'use strict'

const { LOGIN, PROFILE, options } = require('./given.js')
const { BASE_URL } = require('../../../js-glue/testing/fake-wx.js')

const INFO = `${BASE_URL}auth/info`
const BLOCKED = { json: { errno: 714, errmsg: '登录被拒绝' } }

// Pages and `wx.navigateTo`, over a fake.
const withPages = ({ phone, clock }, fake) => {
  const pages = [{ route: 'pages/index/index' }]
  fake.wx.navigateTo = (opened) => {
    fake.calls.push({ api: 'navigateTo', options: opened })
    clock.soon(() => {
      pages.push({ route: opened.url.slice(1).split('?')[0] })
      opened.success({ errMsg: 'navigateTo:ok' })
    })
  }
  phone.setGlobals({ getCurrentPages: () => pages })
  return pages
}

// The drop-in after a start of the app.
const compatOver = (world, fake, others) =>
  world.phone.startCompat().createCompat(options(world, fake, others))

const newCompat = (world, others) => {
  const fake = world.createFakeWx()
  const pages = withPages(world, fake)
  return { fake, pages, compat: compatOver(world, fake, others) }
}

const signedInCompat = async (world, others) => {
  const made = newCompat(world, others)
  await made.compat.loginByWeixin(PROFILE)
  return made
}

// From now on the server knows no token and lets nobody in.
const lockOut = (fake, logins) => {
  fake.server.revokeAll()
  fake.server.next.apply(null, [LOGIN].concat(Array(logins || 1).fill(BLOCKED)))
}

const oldKeys = (fake) => ({ userInfo: fake.wx.getStorageSync('userInfo'), token: fake.wx.getStorageSync('token') })
const NONE = { userInfo: '', token: '' }

module.exports = { INFO, NONE, compatOver, lockOut, newCompat, oldKeys, signedInCompat }
