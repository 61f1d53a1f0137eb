import { defineConfig } from '@tarojs/cli'

export default defineConfig({
  projectName: 'example-taro-webpack',
  designWidth: 750,
  sourceRoot: 'src',
  outputRoot: 'dist',
  framework: 'react',
  compiler: 'webpack5',
  plugins: ['weapp-login/taro'],
})
