const { fetchDevices, logOutDevice, logOutEverywhere } = require('../../services/account.js')
const { ask } = require('../../utils/ask.js')
const { attempt } = require('../../utils/attempt.js')
const { deviceName } = require('../../utils/device.js')
const { inPhoneLanguage } = require('../../utils/language.js')
const { memberPage } = require('../../utils/member-page.js')
const { localTime } = require('../../utils/time.js')
const { showToast } = require('../../utils/toast.js')

const t = inPhoneLanguage(require('../../texts/devices.js'))

Page(memberPage({
  data: { t, devices: [], hasOthers: false },

  async load() {
    this.show(await fetchDevices())
  },

  show(logins) {
    const devices = logins.map(({ id, device, lastUsed, isCurrent }) => ({
      id,
      name: deviceName(device) || t.unknown,
      lastUsed: localTime(lastUsed),
      isCurrent,
    }))
    this.setData({ devices, hasOthers: devices.some(({ isCurrent }) => !isCurrent) })
  },

  async logOutOne(event) {
    const { id } = event.currentTarget.dataset
    if (!(await ask({ title: t.logOutTitle, content: t.logOutText, confirmText: t.logOut }))) return
    if (!(await attempt(() => logOutDevice(id)))) return
    showToast(t.loggedOut)
    await this.reload()
  },

  async logOutAll() {
    if (await ask({ title: t.everywhere, content: t.everywhereText, confirmText: t.logOut })) await attempt(logOutEverywhere)
  },
}))
