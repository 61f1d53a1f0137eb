const HOME = '/pages/home/home'

/** Leaves the page: back to where the visitor came from, or home when a link led straight here. */
function goBack() {
  if (getCurrentPages().length > 1) {
    wx.navigateBack()
  } else {
    wx.reLaunch({ url: HOME })
  }
}

module.exports = { goBack }
