// How a member is spoken of on every page.
module.exports = {
  zh: {
    nameless: '茶友',
    levels: ['普通会员', 'VIP会员', '高级VIP会员'],
    profilePurpose: '用于展示会员头像和昵称',
  },
  en: {
    nameless: 'Tea friend',
    levels: ['Member', 'VIP member', 'Senior VIP member'],
    profilePurpose: 'To show your avatar and nickname',
  },
}
