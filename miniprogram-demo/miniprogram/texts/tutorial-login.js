module.exports = {
  zh: {
    title: '教程的登录页',
    heading: '教程的登录页',
    text: '教程里的登录页原样保留，只换了它下面的两个文件。',
    withProfile: '微信直接登录',
    withAccount: '账号登录',
    timeout: '微信登录超时',
    failed: '微信登录失败',
    purpose: '用于完善会员资料',
  },
  en: {
    title: 'Tutorial',
    heading: 'Tutorial login page',
    text: 'The page of the tutorial as it is; only the two files below it have been replaced.',
    withProfile: 'Log in with WeChat',
    withAccount: 'Use an account',
    timeout: 'WeChat login timed out',
    failed: 'WeChat login failed',
    purpose: 'To complete your profile',
  },
}
