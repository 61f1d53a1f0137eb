import { make, makeButton } from './dom.js'
import { openSheet } from './sheet.js'

/** The dialog of wx.getUserProfile: resolves whether the user lets the app have the profile. */
export function askForProfile(screen, { appName, desc, user }, texts) {
  const avatar = make('img', 'mp-consent-avatar')
  avatar.src = user.picture(user.avatarUrl).toDataURL()
  avatar.alt = ''
  const person = [avatar, make('div', '', make('b', '', user.nickName), make('small', '', texts.profileSource))]
  return askConsent(screen, { appName, title: texts.profile, desc, asked: person }, texts)
}

/** The dialog of a getPhoneNumber button: resolves whether the user lets the app have the number. */
export function askForPhoneNumber(screen, { appName, number }, texts) {
  const masked = number.replace(/^(\d{3})\d{4}/, '$1****')
  const phone = [make('div', '', make('b', '', masked), make('small', '', texts.phoneSource))]
  return askConsent(screen, { appName, title: texts.phone, desc: texts.phonePurpose, asked: phone }, texts)
}

async function askConsent(screen, { appName, title, desc, asked }, texts) {
  const allowed = await openSheet(screen, (close) => [
    make('div', 'mp-consent-app', texts.asks(appName)),
    make('h2', 'mp-consent-title', title),
    make('p', 'mp-consent-desc', desc),
    make('div', 'mp-consent-asked', ...asked),
    make(
      'div',
      'mp-consent-buttons',
      makeButton('mp-refuse', texts.refuse, () => close(false)),
      makeButton('mp-allow', texts.allow, () => close(true)),
    ),
  ])
  return allowed === true
}
