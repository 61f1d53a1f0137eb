'use strict'

module.exports = Object.assign(
  {},
  require('./cold.js'),
  require('./warm.js'),
  require('./storm.js'),
  require('./memory.js'),
)
