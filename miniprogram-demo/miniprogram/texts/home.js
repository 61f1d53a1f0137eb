module.exports = {
  zh: {
    title: '一叶茶铺',
    hero: '一叶知春',
    heroText: '明前龙井 · 今日到店',
    welcome: '欢迎光临',
    welcomeText: '登录成为会员，好茶更优惠',
    logIn: '去登录',
    retry: '重试',
    benefits: '会员权益',
    benefitList: [
      { mark: '折', title: '会员价', text: '全场茶饮九折起' },
      { mark: '赠', title: '生日礼', text: '生日当月赠饮一杯' },
      { mark: '鲜', title: '新茶尝鲜', text: '春茶上市优先预订' },
    ],
  },
  en: {
    title: 'Leaf Tea',
    hero: 'One leaf tells spring',
    heroText: 'First Longjing of the year · in today',
    welcome: 'Welcome',
    welcomeText: 'Log in for member prices',
    logIn: 'Log in',
    retry: 'Try again',
    benefits: 'Member benefits',
    benefitList: [
      { mark: '%', title: 'Member prices', text: '10% off every drink' },
      { mark: '♥', title: 'Birthday gift', text: 'A free drink in your month' },
      { mark: '✦', title: 'New teas first', text: 'Order spring teas early' },
    ],
  },
}
