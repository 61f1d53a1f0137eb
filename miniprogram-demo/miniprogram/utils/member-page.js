const { currentUser, onUserChange } = require('../services/user.js')
const { goBack } = require('./navigate.js')
const { presentUser } = require('./profile.js')
const { showError } = require('./toast.js')

/**
 * Makes the definition of a page that belongs to the signed-in user: it has the user in its data, follows every change, and is left as
 * soon as nobody is signed in. `onUser`, if the page has it, is called at each show with the user there.
 */
function memberPage(definition) {
  return Object.assign({}, definition, {
    data: Object.assign({ user: null }, definition.data),

    onLoad() {
      wx.setNavigationBarTitle({ title: this.data.t.title })
    },

    async onShow() {
      // While the page is hidden nobody may make it go back; what happens then is seen at the next show.
      this.stopFollowing = onUserChange((user) => this.showUser(user))
      try {
        this.showUser(await currentUser())
      } catch (error) {
        showError(error)
      }
      if (this.data.user && this.onUser) this.onUser()
    },

    onHide() {
      this.stopFollowing()
    },

    onUnload() {
      this.stopFollowing()
    },

    // The page of nobody is no page.
    showUser(user) {
      if (user) {
        this.setData({ user: presentUser(user) })
      } else if (!this.left) {
        this.left = true
        goBack()
      }
    },
  })
}

module.exports = { memberPage }
