import { make } from './dom.js'

/** A sheet from the screen's lower edge; `fill(close)` makes what stands in it. Resolves what `close` is called with. */
export function openSheet(screen, fill) {
  return new Promise((resolve) => {
    const close = (result) => {
      layer.remove()
      resolve(result)
    }
    const sheet = make('div', 'mp-sheet')
    sheet.setAttribute('role', 'dialog')
    const layer = make('div', 'mp-layer mp-masked mp-layer-bottom', sheet)
    layer.addEventListener('click', (event) => {
      if (event.target === layer) close(undefined)
    })
    sheet.append(...fill(close))
    screen.append(layer)
  })
}
