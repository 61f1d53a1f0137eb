const FLOW = '/pages/flow/flow'
const SELF_TEST = '/pages/self-test/self-test'

const zh = {
  title: '给开发者',
  pages: [
    { page: FLOW, name: '登录流程', about: '看登录的七步，并让它出错' },
    { page: SELF_TEST, name: '自检', about: '这台手机能否运行登录模块，用时多少' },
  ],
}

const en = {
  title: 'For developers',
  pages: [
    { page: FLOW, name: 'Login flow', about: 'See the seven steps, and make them fail' },
    { page: SELF_TEST, name: 'Self-test', about: 'Whether this phone runs the login module, and how fast' },
  ],
}

module.exports = { zh, en }
