// What a file of the mini-program sees beside the language itself. The build writes every file as the body of two nested
// functions whose parameters are these names; the runtime calls them.

/** Globals that the runtime provides, or replaces by a version as restricted as WeChat's. */
export const PROVIDED = [
  'wx', 'WXWebAssembly', 'App', 'Page', 'Component', 'Behavior', 'getApp', 'getCurrentPages', 'globalThis', 'Function',
]

/** What a browser has and WeChat's logic layer has not. */
export const ABSENT = [
  'WebAssembly', 'TextEncoder', 'TextDecoder', 'queueMicrotask', 'structuredClone', 'crypto', 'performance', 'atob', 'btoa',
  'Blob', 'File', 'FileReader', 'FormData', 'Headers', 'Request', 'Response', 'AbortController', 'AbortSignal', 'URLSearchParams',
  'Event', 'EventTarget', 'CustomEvent', 'MessageChannel', 'BroadcastChannel', 'Worker', 'SharedWorker', 'Image', 'Audio',
  'sessionStorage', 'indexedDB', 'caches', 'cookieStore', 'parent', 'opener', 'origin', 'postMessage', 'open', 'close',
  'cancelAnimationFrame', 'requestIdleCallback', 'cancelIdleCallback', 'getSelection', 'matchMedia', 'Element', 'HTMLElement',
  'Document', 'Window', 'MutationObserver', 'ReadableStream', 'WritableStream', 'TransformStream', 'importScripts',
]

/** WeChat's own wrapper shadows these: a top-level `const URL` is a SyntaxError there too, `const performance` is not. */
export const SHADOWED = [
  'window', 'top', 'document', 'frames', 'self', 'location', 'navigator', 'localStorage', 'history', 'Caches', 'screen', 'alert',
  'confirm', 'prompt', 'fetch', 'XMLHttpRequest', 'WebSocket', 'webkit', 'WeixinJSCore', 'Reporter', 'print', 'URL', 'DOMParser',
  'requestAnimationFrame', 'getComputedStyle', 'Node', 'upload', 'preview', 'build', 'help', '__global', 'WeixinJSBridge',
]
