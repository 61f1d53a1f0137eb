const login = require('./services/login.js')
const { showError } = require('./utils/toast.js')

App({
  onLaunch() {
    login.onChange(({ reason }) => {
      if (reason === 'refused') showError({ code: 'signed_out' })
    })
  },
})
