import { once } from 'node:events'
import { DEFAULT_PORT, UsageError } from './options.mjs'

const HOST = '127.0.0.1'

/** Listens on the port that is wanted, else on `usual`, else on any that is free. Resolves the port. */
export async function listen(server, wanted, usual = DEFAULT_PORT) {
  try {
    return await tryToListen(server, wanted ?? usual)
  } catch (error) {
    if (error.code === 'EACCES') throw new UsageError(`port ${wanted} may not be used without special rights: choose one above 1023`)
    if (error.code !== 'EADDRINUSE') throw error
    if (wanted !== undefined) throw new UsageError(`port ${wanted} is taken: choose another with --port, or leave --port out`)
    return tryToListen(server, 0)
  }
}

async function tryToListen(server, port) {
  server.listen(port, HOST)
  await once(server, 'listening')
  return server.address().port
}
