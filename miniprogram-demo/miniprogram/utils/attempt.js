const { showError } = require('./toast.js')

/** Does something that can fail, and tells the user when it does. Resolves whether it was done. */
async function attempt(act) {
  try {
    await act()
    return true
  } catch (error) {
    showError(error)
    return false
  }
}

module.exports = { attempt }
