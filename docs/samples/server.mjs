// 最小的后端，只用 Node 自带的模块。说明见 docs/server.md。The smallest backend, on Node alone: see docs/server.md.
//   WECHAT_APPID=… WECHAT_SECRET=… node server.mjs
// 用户和登录在内存里，重启就没有了：换成您的数据库。Users and logins are in memory, until the next start: put your database there.
import { createHash, randomBytes } from 'node:crypto'
import { createServer } from 'node:http'

const { WECHAT_APPID, WECHAT_SECRET, WECHAT_API_BASE = 'https://api.weixin.qq.com', PORT = '8787' } = process.env
const TOKEN_SECONDS = 2 * 60 * 60
const REFRESH_SECONDS = 30 * 24 * 60 * 60
const MAX_BODY = 64 * 1024

const users = new Map() // openid -> user
const tokens = new Map() // hash -> { user, refresh, ends }
const refreshTokens = new Map() // hash -> { user, ends }

class Refusal extends Error {
  constructor(errno, errmsg) {
    super(errmsg)
    this.errno = errno
  }
}
const refuse = (errno, errmsg) => { throw new Refusal(errno, errmsg) }

const hash = (token) => createHash('sha256').update(String(token)).digest('hex')
const secondsFromNow = (seconds) => Date.now() + seconds * 1000

// 新的 token 在前，过期的顺便删除。What has ended goes when something new comes.
const issue = (table, entry, seconds) => {
  for (const [key, { ends }] of table) if (ends <= Date.now()) table.delete(key)
  const token = randomBytes(32).toString('hex')
  table.set(hash(token), { ...entry, ends: secondsFromNow(seconds) })
  return token
}
const find = (table, token) => {
  const entry = token ? table.get(hash(token)) : undefined
  return entry && entry.ends > Date.now() ? entry : undefined
}

const loggedIn = (user, refreshToken) => ({
  token: issue(tokens, { user, refresh: hash(refreshToken) }, TOKEN_SECONDS),
  expiresIn: TOKEN_SECONDS,
  refreshToken,
  userInfo: user,
})

// 微信的回答里有 session_key：不给客户端，不写日志。WeChat's answer has the session_key, which is for nobody else and no log.
const openidOf = async (code) => {
  const query = new URLSearchParams({ appid: WECHAT_APPID, secret: WECHAT_SECRET, js_code: code, grant_type: 'authorization_code' })
  const signal = AbortSignal.timeout(5000)
  const answer = await fetch(`${WECHAT_API_BASE}/sns/jscode2session?${query}`, { signal, redirect: 'error' })
    .then((response) => response.json())
    .catch(() => refuse(711, '微信繁忙，请稍后再试'))
  if (answer.errcode === 40029 || answer.errcode === 40163) refuse(712, '微信登录凭证无效，请重新获取')
  if (answer.errcode === 45011) refuse(713, '登录过于频繁，请稍后再试')
  if (answer.errcode === 40226) refuse(714, '该微信用户存在风险，登录被拦截')
  if (answer.errcode === -1) refuse(711, '微信繁忙，请稍后再试')
  return answer.openid || refuse(502, '系统内部错误')
}

const userOf = (openid, { nickName, avatarUrl } = {}) => {
  const known = users.get(openid) || { userId: users.size + 1, nickName: '', avatarUrl: '' }
  const user = Object.assign(known, nickName && { nickName }, avatarUrl && { avatarUrl })
  users.set(openid, user)
  return user
}

const signedIn = ({ token }) => find(tokens, token) || refuse(501, '请登录')

const routes = {
  'POST /wx/auth/login_by_weixin': async ({ body: { code, userInfo } }) => {
    if (typeof code !== 'string' || !code) refuse(401, '参数不对')
    const user = userOf(await openidOf(code), userInfo || {})
    return loggedIn(user, issue(refreshTokens, { user }, REFRESH_SECONDS))
  },
  'POST /wx/auth/refresh': ({ body: { refreshToken } }) => {
    if (!refreshToken) refuse(401, '参数不对')
    const { user } = find(refreshTokens, refreshToken) || refuse(501, '请登录')
    return loggedIn(user, refreshToken)
  },
  'GET /wx/auth/info': (request) => signedIn(request).user,
  'POST /wx/auth/logout': ({ token, body: { refreshToken } }) => {
    const session = find(tokens, token)
    const refresh = session ? session.refresh : refreshToken && hash(refreshToken)
    refreshTokens.delete(refresh)
    for (const [key, other] of tokens) if (other.refresh === refresh) tokens.delete(key)
  },
  // 您自己的接口这样写。An endpoint of your own.
  'GET /wx/order/list': (request) => ({ of: signedIn(request).user.userId, list: [] }),
}

const bodyOf = async (request) => {
  let text = ''
  for await (const chunk of request.setEncoding('utf8')) {
    text += chunk
    if (text.length > MAX_BODY) refuse(413, '请求内容太大')
  }
  if (!text) return {}
  try {
    const body = JSON.parse(text)
    if (body && typeof body === 'object' && !Array.isArray(body)) return body
  } catch {
    // Refused below.
  }
  return refuse(402, '参数值不对')
}

const answerTo = async (request) => {
  const handler = routes[`${request.method} ${request.url.split('?')[0]}`] || refuse(404, '接口不存在')
  const data = await handler({ token: request.headers['x-litemall-token'], body: await bodyOf(request) })
  return { errno: 0, errmsg: '成功', data }
}

const server = createServer(async (request, response) => {
  const answer = await answerTo(request).catch((error) => {
    if (error instanceof Refusal) return { errno: error.errno, errmsg: error.message }
    console.error(error)
    return { errno: 502, errmsg: '系统内部错误' }
  })
  const status = [404, 413].includes(answer.errno) ? answer.errno : 200
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' })
  response.end(JSON.stringify(answer))
})
server.listen(Number(PORT), '127.0.0.1', () => console.log(`listening on http://127.0.0.1:${server.address().port}`))
