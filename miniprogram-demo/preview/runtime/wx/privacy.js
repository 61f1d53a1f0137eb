import { callbackApi, promiseApi } from './api.js'

/** The interfaces around the privacy guide; an older WeChat has none of them. */
export function privacyApi({ privacy, phone }) {
  if (!privacy.isKnown) return {}
  return {
    getPrivacySetting: callbackApi('getPrivacySetting', () => ({
      needAuthorization: privacy.needsAuthorization,
      privacyContractName: phone.privacyContractName,
    })),
    onNeedPrivacyAuthorization(listener) {
      privacy.listener = listener
    },
    requirePrivacyAuthorize: promiseApi('requirePrivacyAuthorize', () => privacy.require()),
    openPrivacyContract: promiseApi('openPrivacyContract', () => void phone.showPrivacyContract()),
  }
}
