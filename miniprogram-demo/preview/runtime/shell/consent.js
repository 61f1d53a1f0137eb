import { make, makeButton } from './dom.js'
import { openSheet } from './sheet.js'

/** The dialog of wx.getUserProfile: resolves whether the user lets the app have the profile. */
export async function askConsent(screen, { appName, desc, user }) {
  const allowed = await openSheet(screen, (close) => {
    const avatar = make('img', 'mp-consent-avatar')
    avatar.src = user.picture(user.avatarUrl).toDataURL()
    avatar.alt = ''
    const person = make('div', 'mp-consent-person', avatar, make('div', '', make('b', '', user.nickName), make('small', '', '微信个人信息')))
    return [
      make('div', 'mp-consent-app', `${appName} 申请`),
      make('h2', 'mp-consent-title', '获取你的昵称、头像'),
      make('p', 'mp-consent-desc', desc),
      person,
      make(
        'div',
        'mp-consent-buttons',
        makeButton('mp-refuse', '拒绝', () => close(false)),
        makeButton('mp-allow', '允许', () => close(true)),
      ),
    ]
  })
  return allowed === true
}
