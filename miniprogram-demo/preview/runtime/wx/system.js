/** What the phone and the app are, and the app's coming and going. */
export function systemApi(life, launch, theme) {
  const base = () => ({
    SDKVersion: launch.SDKVersion,
    version: '8.0.56',
    language: launch.language,
    theme: theme.name,
    fontSizeSetting: launch.textSize,
  })
  return {
    getAppBaseInfo: base,
    getSystemInfoSync: () => ({ ...base(), platform: 'devtools', brand: 'devtools', model: 'preview', system: 'preview' }),
    getAccountInfoSync: () => ({ miniProgram: { appId: 'touristappid', envVersion: 'develop', version: '' } }),
    onAppShow: (listener) => void life.showListeners.add(listener),
    offAppShow: (listener) => remove(life.showListeners, listener),
    onAppHide: (listener) => void life.hideListeners.add(listener),
    offAppHide: (listener) => remove(life.hideListeners, listener),
  }
}

// Without a listener WeChat forgets all of them.
function remove(listeners, listener) {
  if (listener) listeners.delete(listener)
  else listeners.clear()
}
