/** The HTML page around the mini-program. */
export function page(app, modules) {
  const title = app.window?.navigationBarTitleText ?? '小程序'
  const scripts = ['/package.js', ...modules.map((path) => `/modules/${path}`), '/runtime.js']
  return `<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
<title>${escapeHtml(title)}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/runtime.css">
</head>
<body>
${scripts.map((src) => `<script src="${escapeHtml(encodeURI(src))}"></script>`).join('\n')}
</body>
</html>
`
}

function escapeHtml(text) {
  return text.replace(/[&<>"]/g, (char) => `&#${char.charCodeAt(0)};`)
}
