// The way to the pages for developers.
const { inPhoneLanguage } = require('../../utils/language.js')

const t = inPhoneLanguage(require('../../texts/developer-links.js'))

Component({
  data: { t },

  methods: {
    open(event) {
      wx.navigateTo({ url: event.currentTarget.dataset.page })
    },
  },
})
