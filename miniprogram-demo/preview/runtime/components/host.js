/** The DOM element that stands for a built-in component; null once it has been taken away. */
export function hostElement(component) {
  return component._$.getBackendElement()
}

/** The nearest component around `component` of the built-in kind `name`, or null. */
export function closest(component, name) {
  let node = component._$
  while (node && node.is !== `wx/${name}`) node = node.parentNode ?? node.ownerShadowRoot?.getHostNode()
  return node?.getMethodCaller() ?? null
}
