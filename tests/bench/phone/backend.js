// The backend behind `wx.request`: the tests' fake server, and in front of it the dialect that wafer2-client-sdk speaks.
'use strict'

const { createFakeServer } = require('../../package/fake-server.js')

const BASE_URL = 'https://api.example.com/wx/'
const WAFER = 'wafer/'
const LOGIN = 'auth/login_by_weixin'

exports.BASE_URL = BASE_URL

exports.createBackend = ({ clock }) => {
  const server = createFakeServer({ clock, redeem: () => ({ openid: 'openid-1' }) })
  const counts = { logins: 0, others: 0 }

  const handle = (request) => {
    if (request.path === LOGIN) counts.logins += 1
    else counts.others += 1
    return server.handle(request).json
  }

  const waferLogin = (header) => {
    const { data } = handle({ method: 'POST', path: LOGIN, body: { code: header['X-WX-Code'], userInfo: {} } })
    return { code: 0, data: { skey: data.token, userinfo: data.userInfo } }
  }

  const wafer = (path, method, header) => {
    if (path === 'login') return waferLogin(header)
    const { errno, data } = handle({ method, path, token: header['X-WX-Skey'], body: {} })
    return errno === 501 ? { code: -1 } : { code: 0, data }
  }

  const litemall = (path, method, header, data) => {
    const body = JSON.parse(typeof data === 'string' ? data : JSON.stringify(data || {}))
    return handle({ method, path, token: header['X-Litemall-Token'], body })
  }

  const exchange = ({ url, method = 'GET', header = {}, data }) => {
    const path = url.slice(BASE_URL.length)
    const json = path.startsWith(WAFER)
      ? wafer(path.slice(WAFER.length), method, header)
      : litemall(path, method, header, data)
    return { errMsg: 'request:ok', statusCode: 200, header: {}, data: JSON.parse(JSON.stringify(json)) }
  }

  return { exchange, counts, revokeAll: server.revokeAll }
}
