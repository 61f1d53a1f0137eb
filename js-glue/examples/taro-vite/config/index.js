import { defineConfig } from '@tarojs/cli'

export default defineConfig({
  projectName: 'example-taro-vite',
  designWidth: 750,
  sourceRoot: 'src',
  outputRoot: 'dist',
  framework: 'react',
  compiler: 'vite',
  plugins: ['weapp-login/taro'],
})
