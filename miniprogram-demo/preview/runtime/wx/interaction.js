import { promiseApi } from './api.js'

/** Toasts, loading signs and dialogs. */
export function interactionApi(phone) {
  return {
    showToast: promiseApi('showToast', ({ title, icon = 'success', duration = 1500, mask = false }) => {
      phone.toast.show({ title, icon, mask, duration })
    }),
    hideToast: promiseApi('hideToast', () => phone.toast.hide()),
    showLoading: promiseApi('showLoading', ({ title, mask = false }) => phone.toast.show({ title, icon: 'loading', mask })),
    hideLoading: promiseApi('hideLoading', () => phone.toast.hide()),
    showModal: promiseApi('showModal', (options) => phone.askModal(options)),
  }
}
