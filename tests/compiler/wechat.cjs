// WeChat's compiler as a program, since it leaves worker processes behind that keep its own process alive.
//   node wechat.cjs compile PROJECT OUT      compiles as an upload would, but into the folder OUT
//   node wechat.cjs upload PROJECT OUT       the same, without what nothing requires, as DevTools leaves it out of an upload
//   node wechat.cjs build-npm PROJECT        makes miniprogram_npm of node_modules
'use strict'

const { mkdirSync, writeFileSync } = require('node:fs')
const { dirname, join } = require('node:path')

// It would ask WeChat's server which file types a package may have. Without an answer it takes its own list, as here.
const fileTypes = require('miniprogram-ci/dist/utils/white_ext_list')
fileTypes.getWhiteExtList = async () => ({
  MiniProgramWhiteList: new Set(fileTypes.MiniProgramWhiteList),
  GameWhiteList: new Set(fileTypes.GameWhiteList),
})
const ci = require('miniprogram-ci')
// Not part of its interface, and the reason why its version is pinned: an account's limits, else asked of WeChat's server.
const { DefaultProjectAttr } = require('miniprogram-ci/dist/config/config')

// What of a project an upload has.
const { filterUnusedFile } = require('miniprogram-ci/dist/ci/utils/filterUnusedFile')

// What DevTools calls "ES6 to ES5", "enhanced compilation" and "minify".
const setting = { es6: true, es7: true, minify: true, minifyJS: true, minifyWXML: true, minifyWXSS: true }

async function compile(projectPath, out, choose = (project, files) => files) {
  const project = new ci.Project({
    appid: 'wx0000000000000000',
    type: 'miniProgram',
    projectPath,
    ignores: ['node_modules/**/*'],
    privateKey: 'unused',
    attr: async () => DefaultProjectAttr,
  })
  const all = await ci.getCompiledResult({ project, version: '1.0.0', setting, onProgressUpdate() {} })
  const files = await choose(project, all)
  for (const [path, content] of Object.entries(files)) {
    const file = join(out, path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, content)
  }
}

const upload = (projectPath, out) => compile(projectPath, out, (project, files) => filterUnusedFile(false, project, files))

const buildNpm = (projectPath) =>
  ci.packNpmManually({ packageJsonPath: join(projectPath, 'package.json'), miniprogramNpmDistDir: projectPath })

const [command, ...paths] = process.argv.slice(2)
const exit = (code) => process.exit(code)
const run = { compile, upload, 'build-npm': buildNpm }[command]
run(...paths).then(() => exit(0), (error) => {
  console.error(`${error.code ?? ''} ${error.message ?? error}`)
  exit(1)
})
