const { appInfo } = require('./app-info.js')
const { inPhoneLanguage } = require('./language.js')

const t = inPhoneLanguage(require('../texts/member.js'))

// What wx.getUserProfile answers instead of a nickname since WeChat stopped handing out real ones.
const PLACEHOLDER_NAME = '微信用户'
// From this base library on it answers nothing but that placeholder.
const PROFILE_WITHDRAWN_IN = '2.27.1'

function isOlder(version, than) {
  const left = version.split('.').map(Number)
  const right = than.split('.').map(Number)
  const differing = left.findIndex((part, i) => part !== right[i])
  return differing >= 0 && left[differing] < right[differing]
}

/** Whether asking WeChat for the user's profile can still give a real one. */
function canAskForProfile() {
  return Boolean(wx.getUserProfile) && isOlder(appInfo().SDKVersion, PROFILE_WITHDRAWN_IN)
}

/** Asks the user for the WeChat profile. Must be called straight from a tap. Resolves null when there is no real one. */
function askForProfile() {
  return new Promise((resolve) => {
    wx.getUserProfile({
      desc: t.profilePurpose,
      success: ({ userInfo }) => resolve(isReal(userInfo) ? userInfo : null),
      fail: () => resolve(null),
    })
  })
}

function isReal(profile) {
  return Boolean(profile && profile.nickName && profile.nickName !== PLACEHOLDER_NAME)
}

/** What the pages show of a user. */
function presentUser(user) {
  return {
    id: user.userId,
    name: isReal(user) ? user.nickName : t.nameless,
    avatarUrl: user.avatarUrl || '',
    level: t.levels[user.userLevel] || t.levels[0],
    since: user.registerDate || '—',
    account: user.username || '',
    // A server that does not say so is taken for one that has it bound: it refuses what cannot be unbound.
    hasWeixin: user.weixinBound !== false,
    phone: (user.phone || '').replace(/^(\d{3})\d{4}/, '$1****'),
  }
}

module.exports = { canAskForProfile, askForProfile, presentUser }
