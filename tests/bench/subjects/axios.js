// axios with axios-auth-refresh, put together as its documentation does: the token in the storage, renewed on status 401,
// which the adapter makes of the server's errno 501.
'use strict'

const { default: axios, AxiosError } = require('axios')
const { createAuthRefresh } = require('axios-auth-refresh')
const { HEADER, promised } = require('./promised.js')

const adapter = async (config) => {
  const { statusCode, data, header } = await promised('request', {
    url: config.baseURL + config.url,
    method: config.method.toUpperCase(),
    data: config.data,
    header: config.headers.toJSON(),
  })
  const status = data.errno === 501 ? 401 : statusCode
  const response = { data, status, statusText: '', headers: header, config }
  if (config.validateStatus(status)) return response
  throw new AxiosError(`status ${status}`, AxiosError.ERR_BAD_REQUEST, config, undefined, response)
}

module.exports = ({ baseUrl }) => {
  const http = axios.create({ baseURL: baseUrl, adapter })
  // By itself: on the guarded instance it would wait for the very refresh that it is part of.
  const plain = axios.create({ baseURL: baseUrl, adapter })

  const login = async () => {
    const { code } = await promised('login')
    const { data } = await plain.post('auth/login_by_weixin', { code, userInfo: {} })
    wx.setStorageSync('token', data.data.token)
    return data
  }

  http.interceptors.request.use((config) => {
    config.headers[HEADER] = wx.getStorageSync('token')
    return config
  })
  createAuthRefresh(http, login)

  return {
    checkLogin: async () => Boolean(wx.getStorageSync('token')),
    session: () => wx.getStorageSync('token'),
    login,
    logout: async () => {
      await http.post('auth/logout', {})
      wx.removeStorageSync('token')
    },
    request: async (path) => (await http.get(path)).data,
  }
}
