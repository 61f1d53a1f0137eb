// A tutorial's project with the drop-in, for the compiler alone. What `@ts-expect-error` stands above must be refused.
import { createCompat } from 'weapp-login/compat'
import { nideshop } from 'weapp-login/dialects/nideshop'
import type { Compat, CompatOptions } from 'weapp-login/compat'
import type { Envelope, LoginClient } from 'weapp-login'

const options: CompatOptions = {
  baseUrl: 'https://api.example.com/wx/',
  loginPage: '/pages/auth/login/login',
  dialect: nideshop,
}

// @ts-expect-error baseUrl is needed
createCompat({ loginPage: '/pages/auth/login/login' })
// @ts-expect-error the path is a text
createCompat({ baseUrl: 'https://api.example.com/wx/', loginPage: 1 })

interface Goods {
  data: { name: string }
}

export async function usePage(compat: Compat = createCompat(options)): Promise<string> {
  const { checkLogin, loginByWeixin, request, client } = compat
  const signedIn: true = await checkLogin()
  const envelope: Envelope = await loginByWeixin({ nickName: '小明' })
  await loginByWeixin()
  const goods = await request<Goods>('goods/detail', { id: 1 })
  const body = await request('https://api.example.com/wx/cart/add', { id: 1 }, 'POST')
  // @ts-expect-error the url is a text
  await request({ url: 'goods/detail' })
  // @ts-expect-error the client comes later
  client.logout()
  const login: LoginClient = await client
  await login.logout()
  return `${signedIn}${envelope.data.token}${goods.data.name}${body.errno}`
}
