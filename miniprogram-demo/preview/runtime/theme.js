const dark = matchMedia('(prefers-color-scheme: dark)')

/** The phone's light or dark theme, and the colours that theme.json has for it. An app that does not know the dark one is always light. */
export class Theme {
  constructor({ darkmode = false }, themes = {}) {
    this.followsPhone = darkmode
    this.themes = themes
  }

  get name() {
    return this.followsPhone && dark.matches ? 'dark' : 'light'
  }

  /** A configuration with the values behind its `@names`. */
  resolve(config) {
    const values = this.themes[this.name] ?? {}
    const resolved = Object.entries(config).map(([key, value]) => [key, isName(value) ? values[value.slice(1)] : value])
    return Object.fromEntries(resolved)
  }

  onChange(listener) {
    if (this.followsPhone) dark.addEventListener('change', () => listener(this.name))
  }
}

function isName(value) {
  return typeof value === 'string' && value.startsWith('@')
}
