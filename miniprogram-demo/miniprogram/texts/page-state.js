module.exports = {
  zh: { loading: '加载中…', retry: '重试' },
  en: { loading: 'Loading…', retry: 'Try again' },
}
