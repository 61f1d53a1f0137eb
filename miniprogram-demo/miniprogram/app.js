const login = require('./services/login.js')
const { showToast, LOGIN_EXPIRED } = require('./utils/toast.js')

App({
  onLaunch() {
    login.onChange(({ reason }) => {
      if (reason === 'refused') showToast(LOGIN_EXPIRED)
    })
  },
})
