module.exports = {
  zh: {
    title: '修改密码',
    heading: '修改密码',
    text: '修改后，其他设备需要重新登录',
    old: '原密码',
    oldHint: '请输入原密码',
    new: '新密码',
    save: '保存',
    saved: '密码已修改',
  },
  en: {
    title: 'Password',
    heading: 'Change password',
    text: 'Other devices will have to log in again',
    old: 'Current',
    oldHint: 'Your password now',
    new: 'New',
    save: 'Save',
    saved: 'Password changed',
  },
}
