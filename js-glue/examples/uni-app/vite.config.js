import uni from '@dcloudio/vite-plugin-uni'
import { defineConfig } from 'vite'
import { weappLogin } from 'weapp-login/vite'

export default defineConfig({ plugins: [uni(), weappLogin()] })
