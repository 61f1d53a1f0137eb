// The report that a developer sends: in English whatever the phone speaks, and without anything of the user's.

const { appInfo } = require('../../utils/app-info.js')

function reportOf({ engine, results }) {
  const { brand, model, system, platform, version, SDKVersion, language } = device()
  return [
    'weapp-login self-test',
    `time: ${new Date().toISOString()}`,
    `device: ${[brand, model].join(' ')}`,
    `system: ${system} (${platform})`,
    `WeChat: ${version}, base library ${SDKVersion}, ${language}`,
    `engine: ${engine}`,
    ...results.map(line),
  ].join('\n')
}

function line({ name, state, ms, note, code, message }) {
  const remark = state === 'failed' ? `[${code}] ${message}` : note && `(${note})`
  return [`${state} ${name} ${ms} ms`, remark].filter(Boolean).join(' ')
}

function device() {
  return Object.assign({}, wx.getDeviceInfo ? wx.getDeviceInfo() : wx.getSystemInfoSync(), appInfo())
}

module.exports = { reportOf }
