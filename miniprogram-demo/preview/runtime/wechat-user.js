const KEY = 'preview:user'
const DEFAULT_ID = 'preview-user'
const NICKNAME = '小满'

// What WeChat gives everybody who asks for a profile in vain.
const ANONYMOUS_AVATAR = 'https://thirdwx.qlogo.cn/mmopen/vi_32/anonymous/132'

/** The person who holds the phone, and the account that WeChat has of them. */
export class WechatUser {
  nickName = NICKNAME

  constructor(asked) {
    if (asked) localStorage.setItem(KEY, asked)
    this.id = localStorage.getItem(KEY) ?? DEFAULT_ID
    this.avatarUrl = `https://thirdwx.qlogo.cn/mmopen/vi_32/${encodeURIComponent(this.id)}/132`
  }

  /** The phone number that is bound to the WeChat account: the same one every time, another one for everybody. */
  phoneNumber() {
    const digits = [...this.id].reduce((hash, character) => (hash * 31 + character.codePointAt(0)) % 1e8, 7)
    return `138${String(digits).padStart(8, '0')}`
  }

  profile() {
    return userInfo(this.nickName, this.avatarUrl)
  }

  anonymousProfile() {
    return userInfo('微信用户', ANONYMOUS_AVATAR)
  }

  /** The picture behind one of WeChat's own avatar addresses, or null for any other address. */
  picture(url) {
    if (url === this.avatarUrl) return draw('#f2b36b', '#d9695f', this.nickName)
    if (url === ANONYMOUS_AVATAR) return draw('#d5d5d5', '#c4c4c4', '')
    return null
  }
}

function userInfo(nickName, avatarUrl) {
  return { nickName, avatarUrl, gender: 0, country: '', province: '', city: '', language: '' }
}

function draw(from, to, name) {
  const canvas = document.createElement('canvas')
  canvas.width = canvas.height = 264
  const context = canvas.getContext('2d')
  const background = context.createLinearGradient(0, 0, 264, 264)
  background.addColorStop(0, from)
  background.addColorStop(1, to)
  context.fillStyle = background
  context.fillRect(0, 0, 264, 264)
  context.fillStyle = '#fff'
  context.font = '500 130px sans-serif'
  context.textAlign = 'center'
  context.textBaseline = 'middle'
  context.fillText([...name][0] ?? '', 132, 140)
  return canvas
}
