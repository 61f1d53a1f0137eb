// Who wants to hear what. A listener that throws disturbs neither the client nor the other listeners.
import { copyOf } from './copy.js'
import { loginError } from './login-error.js'

export function createListeners() {
  const failed = (error) => onEvent.tell({ name: 'listener', ms: 0, code: 'listener_failed', error })
  const onChange = createChannel(failed)
  const onEvent = createChannel(() => {}) // whoever observes failures and fails has nobody left to tell
  return { onChange: onChange.subscribe, onEvent: onEvent.subscribe, changed: onChange.tell, observed: onEvent.tell, failed }
}

function createChannel(failed) {
  const entries = new Set()
  const untold = []
  let telling = false

  function subscribe(listener) {
    if (typeof listener !== 'function') {
      throw loginError('invalid_argument', 'a listener must be a function', { field: 'listener' })
    }
    const entry = { listener }
    entries.add(entry)
    return () => {
      entries.delete(entry)
    }
  }

  // What a listener does may be news itself: that comes after, so that all hear everything in the order in which it was.
  function tell(news) {
    untold.push(news)
    if (telling) return
    telling = true
    try {
      while (untold.length > 0) tellAll(untold.shift())
    } finally {
      telling = false
    }
  }

  function tellAll(news) {
    // Over a copy, for who subscribes meanwhile; checked each time, for who unsubscribes meanwhile.
    for (const entry of Array.from(entries)) {
      if (!entries.has(entry)) continue
      try {
        entry.listener(own(news))
      } catch (error) {
        failed(error)
      }
    }
  }

  return { subscribe, tell }
}

// Each listener gets an object of its own.
function own(news) {
  return Object.assign({}, news, news.session ? { session: copyOf(news.session) } : {})
}
