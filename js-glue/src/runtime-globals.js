// Stands in, at build time, for the globals that the generated code uses and that some phones do not have.
import { textDecode, textEncode } from '@borewit/text-codec'

// iOS has no text codecs. Where the engine has its own, the package uses those.
export class TextDecoder {
  decode(bytes) {
    return bytes ? textDecode(bytes) : ''
  }
}

export class TextEncoder {
  encode(text) {
    return textEncode(text)
  }
}
