/** A plugin of Vite, for uni-app: lays the module into the mini-program. `plugins: [uni(), weappLogin()]` in the project's config. */
export function weappLogin(): {
  name: string
  generateBundle(this: { emitFile(file: { type: 'asset'; fileName: string; source: Uint8Array }): unknown }): void
}
