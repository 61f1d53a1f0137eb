import { make } from './dom.js'

/** The phone's own bar; on a real phone's screen the real one takes its place. */
export function statusBar() {
  const clock = make('span', 'mp-clock')
  const tell = () => {
    clock.textContent = new Date().toLocaleTimeString('zh-CN', { hour: '2-digit', minute: '2-digit', hour12: false })
  }
  tell()
  setInterval(tell, 10_000)
  return make('div', 'mp-status', clock, make('span', 'mp-signal'), make('span', 'mp-battery'))
}
