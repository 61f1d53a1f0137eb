// Preloaded into the tools: what they need is installed. What they want of the network besides, such as news of their versions, they do not get.
'use strict'

const { Socket } = require('node:net')

const { connect } = Socket.prototype
const NEAR = ['localhost', '127.0.0.1', '::1', undefined]

// The arguments come as they are, or as the list that `net` has made of them.
const optionsOf = ([first, second]) => {
  if (Array.isArray(first)) return optionsOf(first)
  return typeof first === 'object' ? first : { port: first, host: typeof second === 'string' ? second : undefined }
}

Socket.prototype.connect = function (...args) {
  const { host, path } = optionsOf(args)
  if (path || NEAR.includes(host)) return connect.apply(this, args)
  process.nextTick(() => this.destroy(new Error(`no network here: ${host}`)))
  return this
}
