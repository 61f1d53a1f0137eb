module.exports = {
  zh: {
    title: '重设密码',
    heading: '重设密码',
    texts: {
      password: '忘记了原密码，可以用绑定的手机号重设',
      phone: '请用绑定在账号上的手机号验证身份',
      done: '密码已重设，所有设备都需要重新登录',
    },
    new: '新密码',
    next: '下一步',
    prove: '手机号快捷验证',
    chooseAgain: '修改新密码',
    noPhone: '未获取到手机号',
    username: '用户名',
    logIn: '去登录',
  },
  en: {
    title: 'Password',
    heading: 'Reset password',
    texts: {
      password: 'If you have forgotten your password, set a new one with your phone number',
      phone: 'Confirm the phone number that is linked to your account',
      done: 'The password is set. All devices have to log in again',
    },
    new: 'New',
    next: 'Next',
    prove: 'Confirm phone number',
    chooseAgain: 'Another password',
    noPhone: 'No phone number received',
    username: 'Username',
    logIn: 'Log in',
  },
}
