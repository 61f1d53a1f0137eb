const HOME = '/pages/home/home'

/** Goes back from `page`, once: a check at its start and a login on it may both end so. */
function leave(page) {
  if (page.left) return
  page.left = true
  goBack()
}

/** Leaves the page: back to where the visitor came from, or home when a link led straight here. */
function goBack() {
  if (getCurrentPages().length > 1) {
    wx.navigateBack()
  } else {
    wx.reLaunch({ url: HOME })
  }
}

module.exports = { goBack, leave }
