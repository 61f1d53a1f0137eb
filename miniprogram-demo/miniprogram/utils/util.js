// The two files of a tutorial's project, as docs/migration.md and docs/compat.md describe them: this one and user.js. Only
// the page pages/auth/login/login uses them; the other pages show how a new project does it.
const { createCompat } = require('../libs/weapp-login/compat.js')
const { clientOptions } = require('../config.js')

// A tutorial's pages read refusals in the answer themselves.
const compat = createCompat(Object.assign({}, clientOptions, { refusals: 'resolve' }))

function showErrorToast(title) {
  wx.showToast({ title, icon: 'none' })
}

module.exports = { compat, request: compat.request, showErrorToast }
