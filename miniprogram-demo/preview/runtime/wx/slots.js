/** Lets so many tasks run at once; further ones wait for a free slot, first come, first served. */
export class Slots {
  waiting = []

  constructor(count) {
    this.free = count
  }

  async use(task) {
    if (this.free > 0) this.free -= 1
    else await new Promise((resolve) => this.waiting.push(resolve))
    try {
      return await task()
    } finally {
      const next = this.waiting.shift()
      if (next) next()
      else this.free += 1
    }
  }
}
