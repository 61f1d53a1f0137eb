// What most scenarios begin with.
'use strict'

const { BASE_URL } = require('../../../js-glue/testing/fake-wx.js')

const LOGIN = 'auth/login_by_weixin'
const STORAGE_KEY = `weapp-login:${BASE_URL}`
const PROFILE = { nickName: '👨‍👩‍👧‍👦𠮷野家', avatarUrl: 'https://example.com/头像.png', gender: 1 }

const options = ({ phone }, fake, others) =>
  Object.assign({ baseUrl: BASE_URL, wx: fake.wx }, phone.optionsOfApp(), others)

// A client over `fake`.
const clientOver = (world, fake, others) => world.createLoginClient(options(world, fake, others))

// The client after the app was closed and opened again: a new evaluation of the module, over the same WeChat.
const restarted = ({ phone }, fake, others) =>
  phone.startModule().createLoginClient(options({ phone }, fake, others))

const newClient = async (world, others) => {
  const fake = world.createFakeWx()
  return { fake, client: await clientOver(world, fake, others) }
}

const signedIn = async (world, others) => {
  const { fake, client } = await newClient(world, others)
  await client.loginByWeixin(PROFILE)
  return { fake, client }
}

// A client that has just signed in, whose token the server has revoked since.
const revoked = async (world, others) => {
  const { fake, client } = await signedIn(world, others)
  fake.server.revokeAll()
  return { fake, client }
}

const HEADER = 'X-Litemall-Token'
const tokenSent = ({ options }) => (options.header || {})[HEADER]

// All numbers from 1 to `count`, through `work`.
const each = (count, work) => Array.from({ length: count }, (_, i) => work(i + 1))

module.exports = { HEADER, each, revoked, tokenSent, LOGIN, STORAGE_KEY, PROFILE, options, clientOver, restarted, newClient, signedIn }
