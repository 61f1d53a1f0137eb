import { accountApi } from './account.js'
import { clipboardApi } from './clipboard.js'
import { interactionApi } from './interaction.js'
import { navigationApi } from './navigation.js'
import { networkApi } from './network.js'
import { privacyApi } from './privacy.js'
import { storageApi } from './storage.js'
import { systemApi } from './system.js'

/** The `wx` object: what the demo and the login module use of it, and what stands right beside that. */
export function createWx({ device, pages, life, launch, theme }) {
  return {
    ...accountApi({ ...device, SDKVersion: launch.SDKVersion }),
    ...privacyApi(device),
    ...networkApi(device),
    ...storageApi(),
    ...navigationApi(pages),
    ...interactionApi(device.phone),
    ...clipboardApi(device.phone),
    ...systemApi(life, launch, theme),
  }
}
