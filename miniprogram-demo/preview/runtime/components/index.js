import { accessible } from './aria.js'
import { button } from './button.js'
import { form } from './form.js'
import { image } from './image.js'
import { input } from './input.js'
import { pageMeta } from './page-meta.js'

/** Registers the built-in components that the demo uses; returns their definitions by tag name. */
export function defineBuiltins(codeSpace, templates, device) {
  const definitions = {
    view: accessible({}),
    text: accessible({}),
    form: form(),
    'page-meta': pageMeta(device),
    button: accessible(button(device), { role: 'button' }),
    image: accessible(image(device)),
    input: accessible(input(device), { target: 'input' }),
  }
  const register = ([name, definition]) => {
    const path = `wx/${name}`
    codeSpace.addComponentStaticConfig(path, { component: true })
    codeSpace.addCompiledTemplate(path, { groupList: templates, content: templates[path] })
    return [name, codeSpace.component(path).definition(definition).register()._$]
  }
  return Object.fromEntries(Object.entries(definitions).map(register))
}
