module.exports = {
  zh: {
    title: '隐私保护',
    text: '头像、昵称和手机号只用于展示和识别您的会员身份，由您决定是否提供。使用前请阅读：',
    contract: '《隐私保护指引》',
    agree: '同意',
    refuse: '暂不同意',
  },
  en: {
    title: 'Your privacy',
    text: 'Avatar, nickname and phone number only show who you are here, and you decide whether to give them. Please read first:',
    contract: 'Privacy Protection Guide',
    agree: 'Agree',
    refuse: 'Not now',
  },
}
