/** A plugin of Taro, for webpack and Vite: lays the module into the mini-program. `plugins: ['weapp-login/taro']` in the project's config. */
declare function weappLogin(ctx: {
  onBuildFinish(hook: () => void): void
  writeFileToDist(file: { filePath: string; content: string | Uint8Array }): void
}): void
export = weappLogin
