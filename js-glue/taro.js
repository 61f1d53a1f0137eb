// Taro's plugin: lays the module where the package looks for it. `plugins: ['weapp-login/taro']` in the project's config.
'use strict'

const { readFileSync } = require('fs')
const { MODULE, PLACE } = require('./module-file.js')

module.exports = (ctx) => {
  ctx.onBuildFinish(() => {
    if (process.env.TARO_ENV === 'weapp') ctx.writeFileToDist({ filePath: PLACE, content: readFileSync(MODULE) })
  })
}
