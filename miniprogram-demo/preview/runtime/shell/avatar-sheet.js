import { make, makeButton } from './dom.js'
import { openSheet } from './sheet.js'

/** Where an avatar is chosen: resolves 'wechat', a file from the album, or undefined. */
export function chooseAvatar(screen, texts) {
  return openSheet(screen, (close) => {
    const album = make('input', '')
    album.type = 'file'
    album.accept = 'image/png,image/jpeg'
    album.hidden = true
    album.addEventListener('change', () => close(album.files[0]))
    return [
      makeButton('mp-choice', texts.wechatAvatar, () => close('wechat')),
      makeButton('mp-choice', texts.album, () => album.click()),
      album,
      makeButton('mp-choice mp-choice-cancel', texts.cancel, () => close(undefined)),
    ]
  })
}
