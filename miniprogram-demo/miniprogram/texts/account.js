module.exports = {
  zh: {
    title: '账号',
    purposes: {
      login: { title: '账号登录', text: '使用用户名和密码登录', action: '登录', done: '登录成功', passwordHint: '请输入密码' },
      register: { title: '注册账号', text: '注册后即成为茶铺会员', action: '注册', done: '注册成功', passwordHint: '至少8位' },
      bind: { title: '绑定账号', text: '绑定后，微信和账号登录的是同一位会员', action: '绑定', done: '绑定成功', passwordHint: '请输入密码' },
    },
    username: '用户名',
    usernameHint: '请输入用户名',
    password: '密码',
    show: '显示',
    hide: '隐藏',
    toRegister: '注册新账号',
    toLogin: '已有账号，去登录',
    toWeixin: '微信登录',
  },
  en: {
    title: 'Account',
    purposes: {
      login: { title: 'Log in', text: 'With username and password', action: 'Log in', done: 'Logged in', passwordHint: 'Your password' },
      register: { title: 'New account', text: 'Become a member of the tea house', action: 'Register', done: 'Registered', passwordHint: 'At least 8 characters' },
      bind: { title: 'Link account', text: 'WeChat and the account then log in the same member', action: 'Link', done: 'Linked', passwordHint: 'Your password' },
    },
    username: 'Username',
    usernameHint: 'Your username',
    password: 'Password',
    show: 'Show',
    hide: 'Hide',
    toRegister: 'New account',
    toLogin: 'I have an account',
    toWeixin: 'Use WeChat',
  },
}
