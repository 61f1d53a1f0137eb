import { make, makeButton } from './dom.js'

/**
 * WeChat's dialog. Resolves as wx.showModal does: whether the user confirmed, and what stands in the field of an
 * `editable` one, which begins with `content`.
 */
export function askModal(screen, options, texts) {
  const { title, content = '', editable = false, placeholderText = '', showCancel = true } = options
  const { cancelText = texts.cancel, confirmText = texts.ok } = options
  return new Promise((resolve) => {
    const field = editable && make('input', 'mp-modal-field')
    const answer = (confirm) => () => {
      layer.remove()
      resolve({ confirm, cancel: !confirm, ...(confirm && editable && { content: field.value }) })
    }
    const buttons = make('div', 'mp-modal-buttons')
    if (showCancel) buttons.append(makeButton('mp-modal-cancel', cancelText, answer(false)))
    buttons.append(makeButton('mp-modal-confirm', confirmText, answer(true)))
    if (field) {
      Object.assign(field, { value: content, placeholder: placeholderText })
      field.setAttribute('aria-label', title || placeholderText)
    }
    const parts = [title && make('h2', '', title), field || (content && make('p', '', content))].filter(Boolean)
    const box = make('div', 'mp-modal', ...parts, buttons)
    box.setAttribute('role', 'dialog')
    box.setAttribute('aria-label', title || content)
    const layer = make('div', 'mp-layer mp-masked', box)
    screen.append(layer)
    if (field) field.focus()
  })
}
