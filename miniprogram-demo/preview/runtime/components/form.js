/** <form>: on submit it hands over the value of every named field inside it. */
export function form() {
  return {
    methods: {
      submit() {
        this.triggerEvent('submit', { value: namedValues(this._$) })
      },
    },
  }
}

function namedValues(node, values = {}) {
  for (const child of node.childNodes ?? []) {
    const field = child.getMethodCaller?.()
    if (field?.formValue && field.data.name) values[field.data.name] = field.formValue()
    namedValues(child, values)
  }
  return values
}
