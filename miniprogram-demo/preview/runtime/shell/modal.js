import { make, makeButton } from './dom.js'

/** WeChat's dialog; resolves whether the user confirmed. */
export function askModal(screen, { title, content, showCancel = true, cancelText = '取消', confirmText = '确定' }) {
  return new Promise((resolve) => {
    const answer = (confirmed) => () => {
      layer.remove()
      resolve(confirmed)
    }
    const buttons = make('div', 'mp-modal-buttons')
    if (showCancel) buttons.append(makeButton('mp-modal-cancel', cancelText, answer(false)))
    buttons.append(makeButton('mp-modal-confirm', confirmText, answer(true)))
    const texts = [title && make('h2', '', title), content && make('p', '', content)].filter(Boolean)
    const box = make('div', 'mp-modal', ...texts, buttons)
    box.setAttribute('role', 'dialog')
    const layer = make('div', 'mp-layer mp-masked', box)
    screen.append(layer)
  })
}
