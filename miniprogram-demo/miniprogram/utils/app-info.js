/** What the phone says of itself: language, base library and so on. Older base libraries know all of it in one call. */
function appInfo() {
  return wx.getAppBaseInfo ? wx.getAppBaseInfo() : wx.getSystemInfoSync()
}

module.exports = { appInfo }
