const LOGIN_EXPIRED = '登录已过期，请重新登录'

const COMMON_FAILURES = {
  wasm_load_failed: '登录组件加载失败，请稍后重试',
  invalid_config: '登录组件加载失败，请稍后重试',
  single_page: '请点击“前往小程序”后再登录',
  storage_failed: '手机存储异常，请稍后重试',
}

const LOGIN_FAILURES = Object.assign({}, COMMON_FAILURES, {
  timeout: '微信登录超时，请重试',
  network: '微信登录失败，请检查网络',
  too_frequent: '微信登录失败，操作太频繁了',
  login_blocked: '微信登录失败，账号存在安全风险',
})

// Of what a user does with an account or with their own data.
const ACTION_FAILURES = Object.assign({}, COMMON_FAILURES, {
  timeout: '服务器没有响应，请重试',
  network: '网络不可用，请检查网络',
  wrong_password: '用户名或密码不正确',
  name_taken: '用户名已被注册，换一个试试',
  weixin_bound_elsewhere: '当前微信已绑定其他账号',
  account_bound_elsewhere: '该账号已绑定其他微信',
  code_expired: '授权已失效，请重试',
  wechat_busy: '微信繁忙，请稍后重试',
  too_frequent: '操作太频繁，请稍后重试',
  login_blocked: '账号存在安全风险，暂时无法操作',
  signed_out: LOGIN_EXPIRED,
})

function showToast(title) {
  // With an icon a toast has room for seven characters only.
  wx.showToast({ title, icon: 'none', duration: 2500 })
}

/** Tells the visitor why there is no login. */
function showLoginError(error) {
  console.error('login failed:', error.code, error.message)
  showToast(LOGIN_FAILURES[error.code] || '微信登录失败，请稍后重试')
}

/** Tells the user why `action`, such as "登录", could not be done. */
function showActionError(action, error) {
  // The user's own doing: there is nothing to tell.
  if (error.code === 'logged_out') return
  console.error(`${action} failed:`, error.code, error.message)
  showToast(ACTION_FAILURES[error.code] || `${action}失败，请稍后重试`)
}

module.exports = { LOGIN_EXPIRED, showToast, showLoginError, showActionError }
