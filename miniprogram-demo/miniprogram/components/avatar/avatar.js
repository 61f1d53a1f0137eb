// A whole emoji family joined by zero-width joiners is one character to the eye, and so is a pair of surrogates.
const FIRST_CHARACTER = /^.\uFE0F?(?:\u200D.\uFE0F?)*/u

Component({
  properties: {
    src: String,
    name: String,
  },

  data: { initial: '', broken: false },

  observers: {
    name(name) {
      const match = FIRST_CHARACTER.exec(name || '')
      this.setData({ initial: match ? match[0] : '' })
    },
    src() {
      this.setData({ broken: false })
    },
  },

  methods: {
    onError() {
      this.setData({ broken: true })
    },
  },
})
