// Development against a computer in the same network: http to an address that only a local network has.
import { loginError } from './login-error.js'

const LAN = /^http:\/\/(10(\.\d+){3}|192\.168(\.\d+){2}|172\.(1[6-9]|2\d|3[01])(\.\d+){2}|([\w-]+\.)+local)(:\d+)?(\/|$)/i

/** The options for the module: with `allowLan` if, and only if, it is needed and may be. */
export function checkLan(options, api) {
  const { baseUrl, allowLan } = options
  if (allowLan === undefined) return options
  if (typeof allowLan !== 'boolean') throw refused('must be true or false')
  const isUsed = allowLan && LAN.test(baseUrl)
  if (isUsed) {
    if (!isInDevelopment(api)) throw refused('is for development, and this version of the app is released, or it is not known whether it is')
    warn()
  }
  return Object.assign({}, options, { allowLan: isUsed })
}

function isInDevelopment(api) {
  try {
    return ['develop', 'trial'].includes(api.getAccountInfoSync().miniProgram.envVersion)
  } catch (error) {
    return false // an old base library does not say
  }
}

function warn() {
  if (typeof console !== 'undefined') console.warn('weapp-login: `allowLan` sends tokens over http in the local network; a released version refuses it')
}

function refused(problem) {
  return loginError('invalid_config', `option \`allowLan\` ${problem}`, { field: 'allowLan' })
}
