import { make, makeButton } from './dom.js'
import { openSheet } from './sheet.js'

/** The dialog of wx.getUserProfile: resolves whether the user lets the app have the profile. */
export function askForProfile(screen, { appName, desc, user }) {
  const avatar = make('img', 'mp-consent-avatar')
  avatar.src = user.picture(user.avatarUrl).toDataURL()
  avatar.alt = ''
  const person = [avatar, make('div', '', make('b', '', user.nickName), make('small', '', '微信个人信息'))]
  return askConsent(screen, { appName, title: '获取你的昵称、头像', desc, asked: person })
}

/** The dialog of a getPhoneNumber button: resolves whether the user lets the app have the number. */
export function askForPhoneNumber(screen, { appName, number }) {
  const masked = number.replace(/^(\d{3})\d{4}/, '$1****')
  const phone = [make('div', '', make('b', '', masked), make('small', '', '微信绑定号码'))]
  return askConsent(screen, { appName, title: '获取并验证你的手机号', desc: '用于绑定会员账号', asked: phone })
}

async function askConsent(screen, { appName, title, desc, asked }) {
  const allowed = await openSheet(screen, (close) => [
    make('div', 'mp-consent-app', `${appName} 申请`),
    make('h2', 'mp-consent-title', title),
    make('p', 'mp-consent-desc', desc),
    make('div', 'mp-consent-asked', ...asked),
    make(
      'div',
      'mp-consent-buttons',
      makeButton('mp-refuse', '拒绝', () => close(false)),
      makeButton('mp-allow', '允许', () => close(true)),
    ),
  ])
  return allowed === true
}
