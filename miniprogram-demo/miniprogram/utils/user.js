const { compat } = require('./util.js')

module.exports = { checkLogin: compat.checkLogin, loginByWeixin: compat.loginByWeixin }
