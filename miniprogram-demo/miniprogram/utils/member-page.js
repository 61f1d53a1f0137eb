const { currentUser, onUserChange } = require('../services/user.js')
const { leave } = require('./navigate.js')
const { presentUser } = require('./profile.js')
const { explain } = require('./toast.js')

/**
 * Makes the definition of a page that belongs to the signed-in user: it has the user in its data, follows every change, and is left as
 * soon as nobody is signed in. If the page has a `load`, that is awaited at each show, with the user there. What could not be loaded
 * is in `failure`, and `reload` tries again.
 */
function memberPage(definition) {
  return Object.assign({}, definition, {
    data: Object.assign({ user: null, loading: true, failure: '' }, definition.data),

    onLoad() {
      wx.setNavigationBarTitle({ title: this.data.t.title })
    },

    onShow() {
      // While the page is hidden nobody may make it go back; what happens then is seen at the next show.
      this.stopFollowing = onUserChange((user) => this.showUser(user))
      return this.reload()
    },

    async reload() {
      this.setData({ loading: !this.loaded, failure: '' })
      try {
        this.showUser(await currentUser())
        if (this.load && !this.left) await this.load()
        this.loaded = true
        this.setData({ loading: false })
      } catch (error) {
        this.setData({ loading: false, failure: explain(error) })
      }
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
      } else {
        leave(this)
      }
    },
  })
}

module.exports = { memberPage }
