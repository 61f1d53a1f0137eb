// Bodies that are encrypted for the server: the key of the body, encrypted with the server's public key, is in a header. How
// each is padded and written down is not known; what is usual is taken.
import { createCipheriv, createDecipheriv, generateKeyPairSync, privateDecrypt, publicEncrypt, randomBytes } from 'node:crypto'

const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const CIPHER = 'aes-256-ecb'

const through = (cipher, input) => Buffer.concat([cipher.update(input), cipher.final()])

/** What a page sends instead of `value`: `{ body, header }`. */
export const sealed = (value) => {
  const key = randomBytes(32)
  return {
    body: through(createCipheriv(CIPHER, key, null), JSON.stringify(value)).toString('base64'),
    header: { 'encrypt-key': publicEncrypt(publicKey, key).toString('base64') },
  }
}

/** The request with the value that was sealed; without one if it was not. */
export const unsealed = (request) => {
  try {
    const key = privateDecrypt(privateKey, Buffer.from(request.header['encrypt-key'], 'base64'))
    return { ...request, json: JSON.parse(through(createDecipheriv(CIPHER, key, null), Buffer.from(request.text, 'base64'))) }
  } catch {
    return { ...request, json: undefined }
  }
}
