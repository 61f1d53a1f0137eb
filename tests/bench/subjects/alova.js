// alova with its token authentication, put together as its documentation does: the token in the storage, renewed when an
// answer says "signed out". Its response cache and its sharing of equal requests are off: here every request counts.
'use strict'

const { createAlova } = require('alova')
const { createServerTokenAuthentication } = require('alova/client')
const { HEADER, promised } = require('./promised.js')

const requestAdapter = ({ url, type, data, headers }) => {
  const answer = promised('request', { url, method: type, data, header: headers })
  return { response: () => answer, headers: async () => (await answer).header, abort: () => {} }
}

module.exports = ({ baseUrl }) => {
  const login = async (authRole) => {
    const { code } = await promised('login')
    const method = alova.Post('auth/login_by_weixin', { code, userInfo: {} })
    method.meta = { authRole }
    const answer = await method
    wx.setStorageSync('token', answer.data.token)
    return answer
  }

  const { onAuthRequired, onResponseRefreshToken } = createServerTokenAuthentication({
    assignToken: (method) => { method.config.headers[HEADER] = wx.getStorageSync('token') },
    refreshTokenOnSuccess: {
      isExpired: (answer) => answer.data.errno === 501,
      handler: () => login('refreshToken'),
    },
  })

  const alova = createAlova({
    baseURL: baseUrl.replace(/\/$/, ''),
    requestAdapter,
    cacheFor: null,
    shareRequest: false,
    beforeRequest: onAuthRequired(),
    responded: onResponseRefreshToken((answer) => answer.data),
  })

  return {
    checkLogin: async () => Boolean(wx.getStorageSync('token')),
    session: () => wx.getStorageSync('token'),
    login: () => login('login'),
    logout: async () => {
      await alova.Post('auth/logout')
      wx.removeStorageSync('token')
    },
    request: (path) => alova.Get(path),
  }
}
