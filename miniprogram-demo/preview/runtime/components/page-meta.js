/** <page-meta>, for the text size: with the root font size `system`, one rem is as large as the user wants text to be. */
export function pageMeta({ phone, textSize }) {
  return {
    properties: {
      rootFontSize: String,
    },

    observers: {
      rootFontSize(size) {
        if (size === 'system') phone.setTextSize(textSize)
      },
    },
  }
}
