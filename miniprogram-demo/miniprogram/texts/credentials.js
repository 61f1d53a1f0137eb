// What a new password needs, and what is wrong with a username or a password before it is sent.
module.exports = {
  zh: {
    newPasswordHint: '至少{least}位',
    noUsername: '请输入用户名',
    noPassword: '请输入密码',
    spaceInUsername: '用户名不能含有空格',
    usernameTooLong: '用户名不能超过{most}个字',
    passwordTooShort: '密码至少需要{least}位',
    passwordTooLong: '密码不能超过{most}位',
  },
  en: {
    newPasswordHint: 'At least {least} characters',
    noUsername: 'Enter a username',
    noPassword: 'Enter a password',
    spaceInUsername: 'A username has no spaces',
    usernameTooLong: 'A username has at most {most} characters',
    passwordTooShort: 'A password has at least {least} characters',
    passwordTooLong: 'A password has at most {most} characters',
  },
}
