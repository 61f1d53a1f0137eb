const TEXTS = {
  timeout: '微信登录超时，请重试',
  network: '微信登录失败，请检查网络',
  too_frequent: '微信登录失败，操作太频繁了',
  login_blocked: '微信登录失败，账号存在安全风险',
  wasm_load_failed: '登录组件加载失败，请稍后重试',
  invalid_config: '登录组件加载失败，请稍后重试',
}
const OTHER_FAILURE = '微信登录失败，请稍后重试'

function showToast(title) {
  // With an icon a toast has room for seven characters only.
  wx.showToast({ title, icon: 'none', duration: 2500 })
}

/** Tells the visitor why there is no login. */
function showLoginError(error) {
  console.error('login failed:', error.code, error.message)
  showToast(TEXTS[error.code] || OTHER_FAILURE)
}

module.exports = { showToast, showLoginError }
