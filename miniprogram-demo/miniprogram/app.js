const loginService = require('./services/login.js')
const { showToast, LOGIN_EXPIRED } = require('./utils/toast.js')

App({
  onLaunch() {
    // Loading the login module now spares the first page that needs it the wait; a failure shows where it is needed.
    loginService.warmUp()
    loginService.onUserChange((user, reason) => {
      if (reason === 'refused') showToast(LOGIN_EXPIRED)
    })
  },
})
