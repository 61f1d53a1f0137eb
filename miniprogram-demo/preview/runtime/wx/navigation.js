import { parsePageUrl } from '../launch-options.js'
import { promiseApi } from './api.js'

export function navigationApi(pages) {
  const toPage = (from, move) => ({ url }) => {
    const { path, query } = parsePageUrl(absolute(from, url))
    move(path, query)
  }
  const here = () => pages.top().path
  return {
    navigateTo: promiseApi('navigateTo', toPage(here, (path, query) => pages.open(path, query))),
    redirectTo: promiseApi('redirectTo', toPage(here, (path, query) => pages.replace(path, query))),
    reLaunch: promiseApi('reLaunch', toPage(here, (path, query) => pages.reLaunch(path, query))),
    navigateBack: promiseApi('navigateBack', ({ delta = 1 }) => pages.back(delta)),
    pageScrollTo: promiseApi('pageScrollTo', ({ scrollTop }) => pages.scrollTo(scrollTop)),
    setNavigationBarTitle: promiseApi('setNavigationBarTitle', ({ title }) => pages.setTitle(title)),
  }
}

/** A page's address is relative to the page that asks, unless it begins with a slash. */
function absolute(from, url) {
  return url.startsWith('/') ? url : new URL(url, `mp:/${from()}`).href.slice('mp:'.length)
}
