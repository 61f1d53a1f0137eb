import { Button, Text } from '@tarojs/components'
import Taro from '@tarojs/taro'
import { useEffect, useState } from 'react'
import { login } from '../../login'

export default function Index() {
  const [name, setName] = useState('')
  const show = () => setName(login.session.userInfo.nickName)

  useEffect(() => {
    login.checkLogin().then(show, () => {}) // 未登录就显示按钮 not signed in: there is the button
  }, [])

  const signIn = () => login.loginByWeixin().then(show, () => Taro.showToast({ title: '登录失败', icon: 'none' }))

  return name ? <Text>{name}</Text> : <Button onClick={signIn}>微信登录</Button>
}
