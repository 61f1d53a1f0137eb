// wafer2-client-sdk, with a server that speaks its dialect. It has no logout but forgetting the session.
'use strict'

const qcloud = require('wafer2-client-sdk')

module.exports = ({ baseUrl }) => {
  qcloud.setLoginUrl(`${baseUrl}wafer/login`)
  return {
    checkLogin: async () => Boolean(qcloud.Session.get()),
    session: () => qcloud.Session.get(),
    login: () => new Promise((success, fail) => qcloud.loginWithCode({ success, fail })),
    logout: async () => qcloud.clearSession(),
    request: (path) => new Promise((success, fail) => qcloud.request({ url: `${baseUrl}wafer/${path}`, success, fail })),
  }
}
