import compiler from 'glass-easel-template-compiler'
import { SourceError } from './source.mjs'

const { TmplGroup } = compiler

/** Compiles the wxml of `paths`, with the templates and wxs files that it pulls in, to one JavaScript expression. */
export function compileTemplates(source, paths) {
  const group = new TmplGroup()
  const added = new Set()

  function add(path) {
    if (added.has(path)) return
    added.add(path)
    report(path, group.addTmpl(path, source.read(`${path}.wxml`)))
    for (const script of group.getScriptDependencies(path)) group.addScript(script, source.read(`${script}.wxs`))
    group.getDirectDependencies(path).forEach(add)
  }

  paths.forEach(add)
  return group.getTmplGenObjectGroups()
}

/** Compiles the templates of the built-in components, given as `{ path: wxml }`. */
export function compileBuiltins(templates) {
  const group = new TmplGroup()
  for (const [path, wxml] of Object.entries(templates)) report(path, group.addTmpl(path, wxml))
  return group.getTmplGenObjectGroups()
}

function report(path, problems) {
  for (const { isError, message, startLine, startColumn } of problems) {
    const text = `${path}.wxml:${startLine + 1}:${startColumn + 1}: ${message}`
    if (isError) throw new SourceError(text)
    console.error(`warning: ${text}`)
  }
}
