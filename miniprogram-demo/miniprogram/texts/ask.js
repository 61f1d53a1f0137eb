module.exports = {
  zh: { cancel: '取消' },
  en: { cancel: 'Cancel' },
}
