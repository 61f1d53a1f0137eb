// A tap on the button 微信登录, as the phone's view layer reports it to each kind of page.

const event = (id) => ({ type: 'tap', timeStamp: 1, detail: {}, target: { id, dataset: {} }, currentTarget: { id, dataset: {} } })

/** A page of WeChat's own kind. */
export const tapNative = (page) => page.onTapLogin()

/** uni-app puts the name of the button's listener into the data. */
export async function tapUni(page) {
  const name = await page.until((data) => Object.values(data).find((value) => /^e\d/.test(value)), 'listener')
  page[name](event(''))
}

const hasText = (node) => node.v === '微信登录'
const findButton = (node) => (node.cn?.some(hasText) ? node : node.cn?.map(findButton).find(Boolean))

/** Taro draws a tree of nodes with ids, and has one listener for all of them. */
export async function tapTaro(page) {
  const { sid } = await page.until(({ root }) => root && findButton(root), 'button')
  page.eh(event(sid))
}
