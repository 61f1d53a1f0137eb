const FITS = { aspectFill: 'cover', aspectFit: 'contain' }

/** <image> */
export function image({ files }) {
  return {
    properties: {
      src: String,
      mode: { type: String, value: 'scaleToFill' },
    },

    data: { source: '', fit: 'fill' },

    observers: {
      'src, mode'(src, mode) {
        this.setData({ source: files.source(src), fit: FITS[mode] ?? 'fill' })
      },
    },

    methods: {
      onLoad() {
        this.triggerEvent('load', {})
      },

      onError() {
        this.triggerEvent('error', { errMsg: `failed to load ${this.data.src}` })
      },
    },
  }
}
