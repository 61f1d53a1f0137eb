const login = require('../../login.js')

Page({
  data: { name: '' },
  onLoad() {
    login.checkLogin().then(() => this.show(), () => {}) // 未登录就显示按钮 not signed in: there is the button
  },
  onTapLogin() {
    login.loginByWeixin().then(() => this.show(), () => wx.showToast({ title: '登录失败', icon: 'none' }))
  },
  show() {
    this.setData({ name: login.session.userInfo.nickName })
  },
})
