import { make, makeButton } from './dom.js'
import { openSheet } from './sheet.js'

/** Where an avatar is chosen: resolves 'wechat', a file from the album, or undefined. */
export function chooseAvatar(screen) {
  return openSheet(screen, (close) => {
    const album = make('input', '')
    album.type = 'file'
    album.accept = 'image/png,image/jpeg'
    album.hidden = true
    album.addEventListener('change', () => close(album.files[0]))
    return [
      makeButton('mp-choice', '用微信头像', () => close('wechat')),
      makeButton('mp-choice', '从相册选择', () => album.click()),
      album,
      makeButton('mp-choice mp-choice-cancel', '取消', () => close(undefined)),
    ]
  })
}
