/**
 * The entry for engines that refuse WebAssembly: the same functions, with the module's code as JavaScript. It loads no file
 * and never touches `WXWebAssembly`; `wasmPath` and `fallback` mean nothing to it.
 */
export * from './index'
