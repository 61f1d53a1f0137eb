// The backend's users: who may sign in, and with what.
'use strict'

const refused = (errno, errmsg) => ({ refusal: { errno, errmsg } })

exports.createFakeUsers = ({ redeem }) => {
  const ofWeixin = new Map()
  const accounts = new Map()
  let lastId = 0

  const newUser = () => {
    lastId += 1
    return { userId: lastId, registerDate: '2025-01-15', status: 0 }
  }

  const addAccount = (username, password) => {
    const account = { password, user: newUser() }
    accounts.set(username, account)
    return account
  }

  const accountOf = ({ username, password }) => {
    const account = accounts.get(username)
    return account && account.password === password ? account : undefined
  }

  const bind = (openid, given) => {
    const account = accountOf(given)
    const other = Array.from(accounts.values()).find((each) => each.openid === openid)
    if (!account) return refused(700, '账号或密码不对')
    if (other && other !== account) return refused(708, '微信已绑定其他账号')
    if (account.openid && account.openid !== openid) return refused(709, '账号已绑定其他微信')
    account.openid = openid
    ofWeixin.set(openid, account.user)
    return { user: account.user }
  }

  return {
    addAccount,

    byWeixin: ({ code, userInfo, account }) => {
      if (!code || !userInfo) return refused(401, '参数不对')
      const { openid, errcode } = redeem(code)
      if (errcode) return refused(712, 'code 无效')
      if (account) return bind(openid, account)
      if (!ofWeixin.has(openid)) ofWeixin.set(openid, newUser())
      return { user: Object.assign(ofWeixin.get(openid), userInfo) }
    },

    byAccount: (given) => accountOf(given) || refused(700, '账号或密码不对'),

    register: ({ username, password, mobile }) => {
      if (accounts.has(username)) return refused(704, '用户名已注册')
      if (mobile !== undefined && !/^1\d{10}$/.test(mobile)) return refused(707, '手机号不对')
      return addAccount(username, password)
    },
  }
}
