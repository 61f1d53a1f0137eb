/** Makes an element: `make('div', 'mp-x', child, 'text')`. */
export function make(tag, className, ...children) {
  const element = document.createElement(tag)
  element.className = className
  element.append(...children)
  return element
}

/** Makes a button that calls `onClick`. */
export function makeButton(className, text, onClick) {
  const button = make('button', className, text)
  button.type = 'button'
  button.addEventListener('click', onClick)
  return button
}
