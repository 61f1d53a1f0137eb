const FLOW = '/pages/flow/flow'
const SELF_TEST = '/pages/self-test/self-test'
const TUTORIAL = '/pages/auth/login/login'

const zh = {
  title: '给开发者',
  pages: [
    { page: FLOW, name: '登录流程', about: '查看登录的七个步骤，模拟各种故障' },
    { page: SELF_TEST, name: '自检', about: '检测登录模块能否在本机运行、耗时多少' },
    { page: TUTORIAL, name: '教程的登录页', about: '教程里的页面，只替换了两个文件' },
  ],
}

const en = {
  title: 'For developers',
  pages: [
    { page: FLOW, name: 'Login flow', about: 'Watch the seven steps, and what happens when they fail' },
    { page: SELF_TEST, name: 'Self-test', about: 'Does the login module run on this phone, and how fast?' },
    { page: TUTORIAL, name: 'Tutorial page', about: 'The page of the tutorial, with two files replaced' },
  ],
}

module.exports = { zh, en }
