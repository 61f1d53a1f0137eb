// What the generated code takes for globals. iOS has no text codecs; each of these is a detour over functions that every engine has in
// machine code, because a loop over the octets would be slow where there is no JIT.

// More arguments could be more than an engine's stack holds.
const CHUNK = 8192
const NOT_ASCII = /[\x80-\xff]/
const LONE_OR_PAIR = /[\uD800-\uDBFF][\uDC00-\uDFFF]|[\uD800-\uDFFF]/g

export class TextDecoder {
  decode(bytes = []) {
    let octets = ''
    for (let i = 0; i < bytes.length; i += CHUNK) {
      octets += String.fromCharCode.apply(null, bytes.subarray(i, i + CHUNK))
    }
    return NOT_ASCII.test(octets) ? decodeURIComponent(escape(octets)) : octets
  }
}

class TextEncoder {
  encodeInto(text, bytes) {
    // Half of a pair is an error for encodeURIComponent; the codec of the standard makes it U+FFFD.
    const whole = text.replace(LONE_OR_PAIR, (found) => (found.length === 2 ? found : '\uFFFD'))
    const octets = unescape(encodeURIComponent(whole))
    bytes.set(Uint8Array.from(octets, (octet) => octet.charCodeAt(0)))
    return { written: octets.length }
  }
}

/** `queueMicrotask` is how the generated code goes on with its work later; `views` are its views of the module's memory. */
export function runtime(queueMicrotask, views = { Uint8Array, DataView }) {
  return Object.assign({ globalThis: { queueMicrotask }, queueMicrotask, TextDecoder, TextEncoder }, views)
}
