const { inPhoneLanguage } = require('../../utils/language.js')

/** What a page shows instead of what it has to load: that it is `loading`, or the `message` of why not, and another try. */
Component({
  properties: {
    loading: Boolean,
    message: String,
  },

  data: { t: inPhoneLanguage(require('../../texts/page-state.js')) },

  methods: {
    retry() {
      this.triggerEvent('retry')
    },
  },
})
