const FLOW = '/pages/flow/flow'

const zh = {
  title: '给开发者',
  pages: [{ page: FLOW, name: '登录流程', about: '看登录的七步，并让它出错' }],
}

const en = {
  title: 'For developers',
  pages: [{ page: FLOW, name: 'Login flow', about: 'See the seven steps, and make them fail' }],
}

module.exports = { zh, en }
