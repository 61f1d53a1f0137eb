// Everything that is asked of the built package. A scenario runs unchanged in every engine, on a phone of its own; what is
// about loading the module, and marked `ofWasm`, only where there is WebAssembly.
'use strict'

module.exports = [].concat(
  require('./scenarios/loading.js'),
  require('./scenarios/fallback.js'),
  require('./scenarios/config.js'),
  require('./scenarios/login.js'),
  require('./scenarios/answers.js'),
  require('./scenarios/session.js'),
  require('./scenarios/check.js'),
  require('./scenarios/logout.js'),
  require('./scenarios/who.js'),
  require('./scenarios/storage.js'),
  require('./scenarios/compat.js'),
  require('./scenarios/compat-storage.js'),
  require('./scenarios/compat-visits.js'),
  require('./scenarios/dialects.js'),
  require('./scenarios/functions.js'),
  require('./scenarios/requests.js'),
  require('./scenarios/replays.js'),
  require('./scenarios/uploads.js'),
  require('./scenarios/leaving.js'),
  require('./scenarios/ensure.js'),
  require('./scenarios/pace.js'),
  require('./scenarios/accounts.js'),
  require('./scenarios/arguments.js'),
  require('./scenarios/copies.js'),
  require('./scenarios/places.js'),
  require('./scenarios/hosts.js'),
  require('./scenarios/listeners.js'),
  require('./scenarios/hostile.js'),
)
