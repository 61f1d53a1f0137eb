// The texts that may be shown; any other may be a secret.
const PLAIN = ['errmsg', 'errMsg', 'via', 'nickName', 'userLevelDesc', 'registerDate', 'content-type']
const MASK = '***'

/** `value` as JSON, without any text in it that may be a secret. */
function mask(value) {
  return JSON.stringify(value, (key, item) => (typeof item === 'string' && item && !PLAIN.includes(key) ? MASK : item))
}

module.exports = { mask }
