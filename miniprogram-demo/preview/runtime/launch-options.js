// What the preview is asked to play, from the page's address: `?page=` a path of the mini-program with its query, `?user=`
// the WeChat user who holds the phone, `?sdk=` the version of WeChat's base library, `?lang=` the phone's language (`zh_CN`, `en`),
// `?text=` the size of text in px that the user has set.

const CURRENT_BASE_LIBRARY = '3.8.12'
const USUAL_TEXT_SIZE = 16

export function readLaunchOptions(search, app) {
  const asked = new URLSearchParams(search)
  const { path, query } = parsePageUrl(asked.get('page') ?? app.pages[0])
  return {
    path: app.pages.includes(path) ? path : app.pages[0],
    query,
    scene: 1001,
    user: asked.get('user'),
    SDKVersion: asked.get('sdk') ?? CURRENT_BASE_LIBRARY,
    language: asked.get('lang') ?? 'zh_CN',
    textSize: Number(asked.get('text') ?? USUAL_TEXT_SIZE),
  }
}

/** Splits `/pages/a/a?b=c` as WeChat does: the query's values stay encoded. */
export function parsePageUrl(url) {
  const [path, search = ''] = url.split('?')
  const pairs = search.split('&').filter(Boolean).map((pair) => pair.split(/=(.*)/s))
  return { path: path.replace(/^\//, ''), query: Object.fromEntries(pairs.map(([key, value = '']) => [key, value])) }
}
