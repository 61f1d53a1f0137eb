// Runs the mini-program: the browser plays the phone, this runtime plays WeChat.
import './components/components.css'
import './shell/screen.css'
import './shell/overlays.css'
import { AppLifeCycle } from './app-life-cycle.js'
import { Gesture } from './gesture.js'
import { ModuleLoader } from './module-loader.js'
import { PageStack } from './page-stack.js'
import { Privacy } from './privacy.js'
import { Phone } from './shell/phone.js'
import { textsIn } from './shell/texts.js'
import { readLaunchOptions } from './launch-options.js'
import { renderingEnvironment } from './rendering.js'
import { restrictedFunction, restrictedGlobal } from './restricted-globals.js'
import { TempFiles } from './temp-files.js'
import { Theme } from './theme.js'
import { WechatUser } from './wechat-user.js'
import { createWx } from './wx/index.js'
import { WXWebAssembly } from './wx-web-assembly.js'

const miniprogram = self.__package
const launch = readLaunchOptions(location.search, miniprogram.app)
const phone = new Phone(document.body, miniprogram.app.window.navigationBarTitleText, textsIn(launch.language))
document.documentElement.lang = launch.language.replace('_', '-')
const theme = new Theme(miniprogram.app, miniprogram.themes)
const gesture = new Gesture()
const user = new WechatUser(launch.user)
const files = new TempFiles(user)
const life = new AppLifeCycle(launch)

// The built-in components call the very same `wx` as the pages; it exists before the first of them is created.
const privacy = new Privacy({ user, phone, SDKVersion: launch.SDKVersion })
const device = { phone, gesture, user, files, privacy, textSize: launch.textSize }
const rendering = renderingEnvironment(miniprogram, device)
const pages = new PageStack({ miniprogram, define, rendering, phone, theme })
const wx = createWx({ device, pages, life, launch, theme })

const globals = {
  wx,
  WXWebAssembly,
  App: (definition) => life.register(definition),
  getApp: () => life.app,
  getCurrentPages: () => pages.instances(),
  globalThis: restrictedGlobal,
  Function: restrictedFunction,
}
const loader = new ModuleLoader(self.__modules, globals)
const defined = new Set()

/** Runs the script of a page, and of the components that it uses: at the first visit, as WeChat does with `lazyCodeLoading`. */
function define(path) {
  if (defined.has(path)) return
  defined.add(path)
  miniprogram.components[path].uses.forEach(define)
  rendering.codeSpace.componentEnv(path, (constructors) => loader.load(`${path}.js`, constructors))
}

loader.load('app.js')
life.launch()
pages.reLaunch(launch.path, launch.query)
life.onVisibilityChange(pages)
