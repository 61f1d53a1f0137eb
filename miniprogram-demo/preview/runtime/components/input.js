import { settle } from '../wx/api.js'
import { hostElement } from './host.js'

/** <input>; one of type "nickname" offers the WeChat nickname above the keyboard. */
export function input({ phone, user, privacy }) {
  return {
    properties: {
      name: String,
      type: { type: String, value: 'text' },
      value: String,
      placeholder: String,
      placeholderClass: String,
      password: Boolean,
      disabled: Boolean,
      maxlength: { type: Number, value: 140 },
    },

    observers: {
      placeholderClass() {
        this.dressPlaceholder()
      },
    },

    lifetimes: {
      attached() {
        this.dressPlaceholder()
      },
    },

    methods: {
      // Its class is the page's, which the framework would take for one of this component's own.
      dressPlaceholder() {
        const placeholder = hostElement(this)?.querySelector('div')
        if (placeholder) placeholder.className = `mp-placeholder ${this.data.placeholderClass}`
      },

      formValue() {
        return this.field().value
      },

      field() {
        return hostElement(this).querySelector('input')
      },

      onInput() {
        const value = this.formValue()
        this.setData({ value })
        this.triggerEvent('input', { value, cursor: this.field().selectionStart })
      },

      onFocus() {
        if (this.data.type === 'nickname' && privacy.needsAuthorization) return this.askForPrivacy()
        this.triggerEvent('focus', { value: this.formValue() })
        if (this.data.type === 'nickname') phone.offerNickname(user.nickName, () => this.fill(user.nickName))
        return undefined
      },

      // The keyboard waits for the agreement.
      async askForPrivacy() {
        this.field().blur()
        const { ok } = await settle('nickname', () => privacy.require())
        if (ok) this.field().focus()
      },

      onBlur() {
        phone.withdrawNickname()
        this.triggerEvent('blur', { value: this.formValue() })
      },

      onKeydown(event) {
        if (event.detail.key === 'Enter') this.triggerEvent('confirm', { value: this.formValue() })
      },

      fill(value) {
        this.field().value = value
        this.onInput()
      },
    },
  }
}
