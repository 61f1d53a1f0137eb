const KNOWN = [
  [/\biPhone\b/, 'iPhone'],
  [/\biPad\b/, 'iPad'],
  [/Android[^;)]*; ([^;)]+?)(?: Build\b|[;)])/, null], // the model stands behind the version
  [/\bAndroid\b/, 'Android'],
  [/\bWindows\b/, 'Windows'],
  [/\bMac(?:intosh| OS)\b/, 'Mac'],
]

/** What a User-Agent says about the device, for people; empty when it says nothing that is known. */
function deviceName(agent) {
  for (const [pattern, name] of KNOWN) {
    const match = pattern.exec(agent)
    if (match) return name || match[1]
  }
  return ''
}

module.exports = { deviceName }
