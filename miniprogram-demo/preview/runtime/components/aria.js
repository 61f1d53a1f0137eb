import { hostElement } from './host.js'

/** Gives a built-in component WeChat's attributes for screen readers. They stand on the element that `target` names, else on its own. */
export function accessible(definition, { role = '', target } = {}) {
  const put = (component, name, value) => {
    const host = hostElement(component)
    const element = target ? host?.querySelector(target) : host
    if (value) element?.setAttribute(name, value)
    else element?.removeAttribute(name)
  }
  return {
    ...definition,
    properties: { ...definition.properties, ariaRole: { type: String, value: role }, ariaLabel: String },
    observers: {
      ...definition.observers,
      ariaRole(value) {
        put(this, 'role', value)
      },
      ariaLabel(value) {
        put(this, 'aria-label', value)
      },
    },
    lifetimes: {
      ...definition.lifetimes,
      attached() {
        definition.lifetimes?.attached?.call(this)
        put(this, 'role', this.data.ariaRole)
        put(this, 'aria-label', this.data.ariaLabel)
      },
    },
  }
}
