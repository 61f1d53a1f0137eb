/**
 * Resolves whether the user has still to agree to the privacy guide before anything personal may be asked for. What cannot be known
 * counts as yes; a WeChat before base library 2.32.3 knows no such agreement.
 */
function needsAgreement() {
  return new Promise((resolve) => {
    if (!wx.getPrivacySetting) {
      resolve(false)
      return
    }
    wx.getPrivacySetting({
      success: ({ needAuthorization }) => resolve(needAuthorization),
      fail: () => resolve(true),
    })
  })
}

module.exports = { needsAgreement }
