// Programs of the system that some tests need. Where one is missing its tests are skipped, with the reason; in continuous
// integration they run all the same, and fail.
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

const isOnPath = (program) => process.env.PATH.split(delimiter).some((folder) => existsSync(join(folder, program)))

// For the option `skip` of a test.
export const without = (program, advice) =>
  process.env.CI !== 'true' && !isOnPath(program) && `${program} is not installed: ${advice}`
