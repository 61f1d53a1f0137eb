const FLOW = '/pages/flow/flow'
const SELF_TEST = '/pages/self-test/self-test'
const TUTORIAL = '/pages/auth/login/login'

const zh = {
  title: '给开发者',
  pages: [
    { page: FLOW, name: '登录流程', about: '看登录的七步，并让它出错' },
    { page: SELF_TEST, name: '自检', about: '这台手机能否运行登录模块，用时多少' },
    { page: TUTORIAL, name: '教程的登录页', about: '页面照旧，只换了它下面的两个文件' },
  ],
}

const en = {
  title: 'For developers',
  pages: [
    { page: FLOW, name: 'Login flow', about: 'See the seven steps, and make them fail' },
    { page: SELF_TEST, name: 'Self-test', about: 'Whether this phone runs the login module, and how fast' },
    { page: TUTORIAL, name: 'Tutorial page', about: 'The page as it was, on two new files' },
  ],
}

module.exports = { zh, en }
