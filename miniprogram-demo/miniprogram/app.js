const loginService = require('./services/login.js')

App({
  onLaunch() {
    // Loading the login module now spares the first page that needs it the wait; a failure shows where it is needed.
    loginService.warmUp()
  },
})
