// What the HTTP clients need of `wx` around them.
'use strict'

exports.HEADER = 'X-Litemall-Token'

exports.promised = (api, options) =>
  new Promise((success, fail) => wx[api](Object.assign({}, options, { success, fail })))
