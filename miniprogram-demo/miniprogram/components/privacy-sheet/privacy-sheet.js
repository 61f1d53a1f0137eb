const { inPhoneLanguage } = require('../../utils/language.js')

// WeChat wants to know by which button the user has agreed.
const AGREE_BUTTON = 'privacy-agree'

/**
 * Asks the user to agree to the privacy guide. It opens when the page calls `ask()`, and when WeChat finds that something on the page
 * asks for personal data too early.
 */
Component({
  data: {
    t: inPhoneLanguage(require('../../texts/privacy.js')),
    agreeButton: AGREE_BUTTON,
    isOpen: false,
  },

  lifetimes: {
    created() {
      this.waiting = []
    },

    attached() {
      this.listen()
    },

    detached() {
      this.settle({ event: 'disagree' })
    },
  },

  // WeChat knows one listener: that of the page before the eyes.
  pageLifetimes: {
    show() {
      this.listen()
    },
  },

  methods: {
    /** Resolves whether the user agrees. */
    ask() {
      return new Promise((resolve) => this.open(({ event }) => resolve(event === 'agree')))
    },

    listen() {
      if (wx.onNeedPrivacyAuthorization) wx.onNeedPrivacyAuthorization((answer) => this.open(answer))
    },

    open(answer) {
      this.waiting.push(answer)
      this.setData({ isOpen: true })
    },

    settle(answer) {
      this.waiting.splice(0).forEach((resolve) => resolve(answer))
    },

    agree() {
      this.setData({ isOpen: false })
      this.settle({ event: 'agree', buttonId: AGREE_BUTTON })
    },

    refuse() {
      this.setData({ isOpen: false })
      this.settle({ event: 'disagree' })
    },

    readContract() {
      wx.openPrivacyContract()
    },
  },
})
