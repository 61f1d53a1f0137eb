const TIMEOUT_MS = 15000

function sendFile(options) {
  return new Promise((resolve, reject) => {
    wx.uploadFile(Object.assign({ name: 'file', timeout: TIMEOUT_MS, success: resolve, fail: reject }, options))
  })
}

/** Uploads one file; resolves the `data` of the server's envelope. */
async function uploadFile({ url, filePath, header }) {
  const response = await sendFile({ url, filePath, header })
  // Unlike wx.request, wx.uploadFile hands the body over unparsed.
  const envelope = response.statusCode === 200 ? JSON.parse(response.data) : null
  if (!envelope || envelope.errno !== 0) {
    throw new Error(`upload failed: HTTP ${response.statusCode}`)
  }
  return envelope.data
}

module.exports = { uploadFile }
