module.exports = {
  zh: {
    title: '教程的登录页',
    heading: '教程的登录页',
    text: '页面与教程里的相同，只替换了 utils/user.js 和 utils/util.js。',
    withProfile: '微信直接登录',
    withAccount: '账号登录',
    timeout: '微信登录超时',
    failed: '微信登录失败',
    purpose: '用于完善会员资料',
  },
  en: {
    title: 'Tutorial',
    heading: 'Tutorial login page',
    text: 'The page is the one of the tutorial. Only utils/user.js and utils/util.js were replaced.',
    withProfile: 'Log in with WeChat',
    withAccount: 'Use an account',
    timeout: 'WeChat login timed out',
    failed: 'WeChat login failed',
    purpose: 'To complete your profile',
  },
}
