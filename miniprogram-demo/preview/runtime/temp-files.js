/** The phone's temporary files, and how any address of a picture becomes one that the browser can show. */
export class TempFiles {
  files = new Map()
  objectUrls = new Map()

  constructor(user) {
    this.user = user
  }

  /** Keeps a file; its path is known to wx.uploadFile and to <image>. */
  add(blob) {
    const extension = blob.type === 'image/jpeg' ? 'jpg' : 'png'
    const path = `wxfile://tmp_${String(this.files.size + 1).padStart(8, '0')}.${extension}`
    this.files.set(path, blob)
    return path
  }

  get(path) {
    return this.files.get(path)
  }

  /** The user's WeChat avatar as a file. */
  async addAvatar() {
    const canvas = this.user.picture(this.user.avatarUrl)
    return this.add(await new Promise((resolve) => canvas.toBlob(resolve, 'image/png')))
  }

  /** The address to put into an <img>. */
  source(src) {
    const file = this.files.get(src)
    if (file) return this.objectUrl(src, file)
    const picture = this.user.picture(src)
    if (picture) return picture.toDataURL()
    if (/^http:/.test(src)) return `/native/download?url=${encodeURIComponent(src)}`
    if (/^(https|data|blob):/.test(src) || src === '') return src
    return `/package/${src.replace(/^\//, '')}`
  }

  objectUrl(path, file) {
    if (!this.objectUrls.has(path)) this.objectUrls.set(path, URL.createObjectURL(file))
    return this.objectUrls.get(path)
  }
}
