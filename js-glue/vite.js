// A plugin of Vite for uni-app: lays the module where the package looks for it.
'use strict'

const { readFileSync } = require('fs')
const { MODULE, PLACE } = require('./module-file.js')

exports.weappLogin = () => ({
  name: 'weapp-login',
  generateBundle() {
    const { UNI_PLATFORM = 'mp-weixin' } = process.env // Vite by itself has no platforms
    if (UNI_PLATFORM === 'mp-weixin') this.emitFile({ type: 'asset', fileName: PLACE, source: readFileSync(MODULE) })
  },
})
