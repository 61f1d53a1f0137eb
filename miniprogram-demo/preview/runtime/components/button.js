import { ApiFailure, settle } from '../wx/api.js'
import { callNative } from '../wx/native.js'
import { closest, hostElement } from './host.js'

/** <button>, with the open types and the form type of the demo. */
export function button({ phone, files, user, privacy }) {
  return {
    properties: {
      type: { type: String, value: 'default' },
      disabled: Boolean,
      loading: Boolean,
      openType: String,
      formType: String,
    },

    observers: {
      'type, disabled, loading'(type, disabled, loading) {
        const host = hostElement(this)
        if (!host) return
        host.setAttribute('type', type)
        host.toggleAttribute('disabled', disabled)
        host.setAttribute('aria-disabled', disabled)
        host.toggleAttribute('loading', loading)
      },
    },

    lifetimes: {
      attached() {
        this._$.addListener('tap', () => this.act())
      },
    },

    methods: {
      act() {
        if (this.data.formType === 'submit') closest(this, 'form')?.submit()
        if (this.data.openType === 'chooseAvatar') this.chooseAvatar()
        if (this.data.openType === 'getPhoneNumber') this.getPhoneNumber()
        if (this.data.openType === 'getUserInfo') this.getUserInfo()
        if (this.data.openType === 'agreePrivacyAuthorization') this.agreeToPrivacy()
      },

      // A refusal fires the event too: its errMsg tells.
      async getPhoneNumber() {
        const { result } = await settle('getPhoneNumber', async () => {
          await privacy.require()
          const number = user.phoneNumber()
          if (!(await phone.askForPhoneNumber(number))) throw new ApiFailure('user deny')
          return callNative('/native/phone-number', JSON.stringify({ phone: number }))
        })
        this.triggerEvent('getphonenumber', result)
      },

      // As a WeChat before wx.getUserProfile does.
      async getUserInfo() {
        const { result } = await settle('getUserInfo', async () => {
          if (!(await phone.askForProfile({ desc: '', user }))) throw new ApiFailure('auth deny')
          return { userInfo: user.profile() }
        })
        this.triggerEvent('getuserinfo', result)
      },

      // A choice that the user gives up fires no event.
      async chooseAvatar() {
        const { ok } = await settle('chooseAvatar', () => privacy.require())
        if (ok) this.takeAvatar(await phone.chooseAvatar())
      },

      async takeAvatar(choice) {
        if (choice === 'wechat') this.triggerEvent('chooseavatar', { avatarUrl: await files.addAvatar() })
        if (choice instanceof Blob) this.triggerEvent('chooseavatar', { avatarUrl: files.add(choice) })
      },

      agreeToPrivacy() {
        privacy.agree(this._$.id)
        this.triggerEvent('agreeprivacyauthorization', { errMsg: 'agreePrivacyAuthorization:ok' })
      },
    },
  }
}
