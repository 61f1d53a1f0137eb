// A client over `wx`, of a module that `load` brings.
import { LoginClient } from '../generated/weapp_login_bg.js'
import { createListeners } from './listeners.js'
import { wxHost } from './wx-host.js'

export async function createClient(options, load) {
  const { wx: api = runtimeWx(), ...loginOptions } = options
  const listeners = createListeners()
  const host = wxHost(api, listeners)
  await load()
  const client = new LoginClient(loginOptions, host)
  client.onChange = listeners.onChange
  client.onEvent = listeners.onEvent
  followForeground(api, client)
  return client
}

function followForeground(api, client) {
  const shown = () => client.foreground()
  if (typeof api.onAppShow === 'function') api.onAppShow(shown)
  client.free = () => {
    if (typeof api.offAppShow === 'function') api.offAppShow(shown)
    LoginClient.prototype.free.call(client)
  }
}

function runtimeWx() {
  return typeof wx === 'undefined' ? undefined : wx
}
