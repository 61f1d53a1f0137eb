import * as glassEasel from 'glass-easel'
import { MiniProgramEnv } from 'glass-easel-miniprogram-adapter'
import { defineBuiltins } from './components/index.js'
import { NAMES } from './components/templates.mjs'

// Lets a page's ids be seen in the DOM, behind a prefix of glass-easel's own.
glassEasel.globalOptions.writeIdToDOM = true

/** Sets up WeChat's component framework for the mini-program's templates and styles. */
export function renderingEnvironment(miniprogram, device) {
  const env = new MiniProgramEnv()
  const builtins = defineBuiltins(env.getGlobalCodeSpace(), miniprogram.builtinTemplates, device)
  const codeSpace = env.createCodeSpace('', true)
  for (const [name, definition] of Object.entries(builtins)) {
    codeSpace.getComponentSpace().setGlobalUsingComponent(name, definition)
  }
  const backend = env.associateBackend(backendContext(device.gesture))
  addStyle(codeSpace, backend, 'app', miniprogram.appStyle)
  for (const [path, component] of Object.entries(miniprogram.components)) {
    addStyle(codeSpace, backend, path, component.style, component.scope)
    codeSpace.addComponentStaticConfig(path, component.config)
    codeSpace.addCompiledTemplate(path, { groupList: miniprogram.templates, content: miniprogram.templates[path] })
  }
  return { codeSpace, backend }
}

function addStyle(codeSpace, backend, path, style, scope) {
  codeSpace.addStyleSheet(path, path, scope)
  backend.registerStyleSheetContent(path, style)
}

function backendContext(gesture) {
  const context = new glassEasel.CurrentWindowBackendContext()
  context.document = {
    createElement: (tag) => document.createElement(browserTag(tag)),
    createTextNode: (text) => document.createTextNode(text),
    createDocumentFragment: () => document.createDocumentFragment(),
  }
  // Every page that opens brings its sheets along. The app's, come again, would win over those of the pages below.
  const append = context.appendStyleSheetPath.bind(context)
  const appended = new Map()
  context.appendStyleSheetPath = (path, scope) => {
    if (!appended.has(path)) appended.set(path, append(path, scope))
    return appended.get(path)
  }
  // Without this no event of the browser's reaches a component.
  context.onEvent((target, type, detail, options) => {
    const event = new glassEasel.Event(type, detail, options)
    gesture.during(type, () => glassEasel.Event.dispatchEvent(target, event))
    return event.getEventBubbleStatus()
  })
  return context
}

// Built-ins stand in the DOM as <wx-NAME>, so that none meets an HTML element of the same name; their own templates reach
// HTML's through `h-`.
function browserTag(tag) {
  if (tag.startsWith('h-')) return tag.slice(2)
  return NAMES.includes(tag) ? `wx-${tag}` : tag
}
