/** What WeChat itself says, in the phone's language. */
const TEXTS = {
  zh: {
    back: '返回',
    home: '首页',
    ok: '确定',
    cancel: '取消',
    allow: '允许',
    refuse: '拒绝',
    asks: (app) => `${app} 申请`,
    profile: '获取你的昵称、头像',
    profileSource: '微信个人信息',
    phone: '获取并验证你的手机号',
    phonePurpose: '用于绑定会员账号',
    phoneSource: '微信绑定号码',
    wechatAvatar: '用微信头像',
    album: '从相册选择',
    wechatNickname: '使用微信昵称',
  },
  en: {
    back: 'Back',
    home: 'Home',
    ok: 'OK',
    cancel: 'Cancel',
    allow: 'Allow',
    refuse: 'Deny',
    asks: (app) => `${app} requests`,
    profile: 'Your nickname and avatar',
    profileSource: 'WeChat profile',
    phone: 'Your verified phone number',
    phonePurpose: 'To link it to your membership',
    phoneSource: 'WeChat phone number',
    wechatAvatar: 'Use WeChat avatar',
    album: 'Choose from album',
    wechatNickname: 'Use WeChat nickname',
  },
}

export const textsIn = (language) => (language.startsWith('zh') ? TEXTS.zh : TEXTS.en)
