import { promiseApi } from './api.js'

/** The clipboard of the browser's own machine. WeChat says itself that something was copied. */
export function clipboardApi(phone) {
  return {
    setClipboardData: promiseApi('setClipboardData', async ({ data }) => {
      await navigator.clipboard.writeText(data)
      phone.toast.show({ title: '内容已复制', icon: 'none', mask: false, duration: 1500 })
    }),
  }
}
