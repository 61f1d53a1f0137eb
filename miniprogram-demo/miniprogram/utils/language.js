// The language that the demo speaks: Chinese where the phone's language is any Chinese, else English.
const { appInfo } = require('./app-info.js')

/** Picks from `{ zh: {…}, en: {…} }`, which is what each file in `texts/` exports. */
function inPhoneLanguage(texts) {
  const { language = '' } = appInfo()
  return language.startsWith('zh') ? texts.zh : texts.en
}

/** Puts `values` into the `{name}` places of a text. */
function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (place, name) => values[name])
}

module.exports = { inPhoneLanguage, fill }
