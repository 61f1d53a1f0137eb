// The language that the demo speaks: Chinese where the phone's language is any Chinese, else English.

function phoneLanguage() {
  const info = wx.getAppBaseInfo ? wx.getAppBaseInfo() : wx.getSystemInfoSync()
  return info.language || ''
}

/** Picks from `{ zh: {…}, en: {…} }`, which is what each file in `texts/` exports. */
function inPhoneLanguage(texts) {
  return phoneLanguage().startsWith('zh') ? texts.zh : texts.en
}

/** Puts `values` into the `{name}` places of a text. */
function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (place, name) => values[name])
}

module.exports = { inPhoneLanguage, fill }
