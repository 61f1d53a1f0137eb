import { posix } from 'node:path'
import postcss from 'postcss'
import selectorParser from 'postcss-selector-parser'
import { SourceError } from './source.mjs'

// The insets are those of the phone that is drawn, see runtime/shell/screen.css.
const SAFE_AREA = /env\(\s*safe-area-inset-(top|right|bottom|left)\b[^)]*\)/g

/** The names of the tags that the browser shows as `<wx-NAME>`, see runtime/components. */
const renamed = (builtins) => selectorParser((selectors) => {
  selectors.walkTags((tag) => {
    if (builtins.includes(tag.value)) tag.value = `wx-${tag.value}`
  })
})

/** Classes of an isolated component carry its scope, as glass-easel writes them into the DOM. */
const scoped = (scope) => selectorParser((selectors) => {
  selectors.walkClasses((name) => {
    name.value = `${scope}--${name.value}`
  })
})

/** A page's rules must not reach the other pages of the stack; `:where` leaves their weight as it is. */
const confinedTo = (route) => selectorParser((selectors) => {
  const here = `[data-route="${route}"]`
  selectors.each((selector) => {
    const [first] = selector.nodes
    if (first.type === 'tag' && first.value === 'page') {
      selector.insertAfter(first, selectorParser.pseudo({ value: `:where(${here})` }))
    } else {
      selector.prepend(selectorParser.combinator({ value: ' ' }))
      selector.prepend(selectorParser.pseudo({ value: `:where(page${here})` }))
    }
  })
})

export class StyleCompiler {
  constructor(source, builtins) {
    this.source = source
    this.renamed = renamed(builtins)
  }

  app() {
    return this.compile('app.wxss', (selector) => selector)
  }

  page(route) {
    const confine = confinedTo(route)
    return this.compile(`${route}.wxss`, (selector) => confine.processSync(selector))
  }

  component(path, scope) {
    const addScope = scoped(scope)
    return this.compile(`${path}.wxss`, (selector) => addScope.processSync(selector))
  }

  compile(path, place) {
    const sheet = this.load(path, [])
    sheet.walkRules((rule) => {
      if (!insideKeyframes(rule)) rule.selector = place(this.renamed.processSync(rule.selector))
    })
    sheet.walkDecls((declaration) => {
      declaration.value = declaration.value.replace(/(-?\d*\.?\d+)rpx\b/g, 'calc(var(--rpx) * $1)').replace(SAFE_AREA, 'var(--safe-$1)')
    })
    return sheet.toString()
  }

  /** Parses a file with its imports put in their places. */
  load(path, above) {
    if (above.includes(path)) throw new SourceError(`${path}: imports itself`)
    const sheet = this.parse(path, above.length > 0)
    sheet.walkAtRules('import', (rule) => {
      const target = rule.params.replace(/^['"]|['"]$/g, '')
      const imported = target.startsWith('/') ? target.slice(1) : posix.join(posix.dirname(path), target)
      rule.replaceWith(this.load(imported, [...above, path]).nodes)
    })
    return sheet
  }

  parse(path, required) {
    const text = required ? this.source.read(path) : this.source.readIfThere(path)
    try {
      return postcss.parse(text, { from: path })
    } catch (error) {
      if (error.name !== 'CssSyntaxError') throw error
      throw new SourceError(`${path}:${error.line}:${error.column}: ${error.reason}`)
    }
  }
}

function insideKeyframes(rule) {
  return rule.parent.type === 'atrule' && rule.parent.name.endsWith('keyframes')
}
