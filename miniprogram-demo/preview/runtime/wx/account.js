import { isOlder } from '../versions.js'
import { ApiFailure, callbackApi, promiseApi } from './api.js'
import { callNative } from './native.js'

// From this version on there is wx.getUserProfile; before it, a button of the open type getUserInfo gave the profile.
const PROFILE_BEGAN_IN = '2.10.4'
// From this version on WeChat answers wx.getUserProfile with the same placeholder for everybody, and asks nobody.
const PROFILE_WITHDRAWN_IN = '2.27.1'

/** wx.login and what WeChat tells of the user. */
export function accountApi({ user, phone, gesture, privacy, SDKVersion }) {
  const withdrawn = !isOlder(SDKVersion, PROFILE_WITHDRAWN_IN)

  async function getUserProfile({ desc }) {
    if (!gesture.tapping) throw new ApiFailure('can only be invoked by user TAP gesture.')
    if (!desc) throw new ApiFailure('parameter error: parameter.desc should be String instead of Undefined;')
    await privacy.require()
    if (withdrawn) return { userInfo: user.anonymousProfile() }
    if (!(await phone.askForProfile({ desc, user }))) throw new ApiFailure('auth deny')
    return { userInfo: user.profile() }
  }

  return {
    login: callbackApi('login', () => callNative('/native/login', JSON.stringify({ user: user.id }))),
    checkSession: callbackApi('checkSession', () => ({})),
    ...(!isOlder(SDKVersion, PROFILE_BEGAN_IN) && { getUserProfile: promiseApi('getUserProfile', getUserProfile) }),
  }
}
