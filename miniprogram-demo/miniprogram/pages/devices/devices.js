const { fetchDevices, logOutDevice, logOutEverywhere } = require('../../services/account.js')
const { ask } = require('../../utils/ask.js')
const { attempt } = require('../../utils/attempt.js')
const { deviceName } = require('../../utils/device.js')
const { inPhoneLanguage } = require('../../utils/language.js')
const { memberPage } = require('../../utils/member-page.js')
const { localTime } = require('../../utils/time.js')
const { showToast, messageOf } = require('../../utils/toast.js')

const t = inPhoneLanguage(require('../../texts/devices.js'))

Page(memberPage({
  data: { t, loading: false, failure: '', devices: [], hasOthers: false },

  onUser() {
    this.load()
  },

  async load() {
    this.setData({ loading: this.data.devices.length === 0, failure: '' })
    try {
      this.show(await fetchDevices())
    } catch (error) {
      this.setData({ loading: false, failure: messageOf(error) })
    }
  },

  show(logins) {
    const devices = logins.map(({ id, device, lastUsed, isCurrent }) => ({
      id,
      name: deviceName(device) || t.unknown,
      lastUsed: localTime(lastUsed),
      isCurrent,
    }))
    this.setData({ loading: false, devices, hasOthers: devices.some(({ isCurrent }) => !isCurrent) })
  },

  async logOutOne(event) {
    const { id } = event.currentTarget.dataset
    if (!(await ask({ title: t.logOutTitle, content: t.logOutText, confirmText: t.logOut }))) return
    if (!(await attempt(() => logOutDevice(id)))) return
    showToast(t.loggedOut)
    await this.load()
  },

  async logOutAll() {
    if (await ask({ title: t.everywhere, content: t.everywhereText, confirmText: t.logOut })) await attempt(logOutEverywhere)
  },
}))
