// Many requests at once on a token that the server has revoked.
'use strict'

const { createPhone } = require('../phone/phone.js')

const PATH = 'order/echo'
const isAnswer = (body) => Boolean(body) && (body.errno === 0 || body.code === 0 || (body.data && body.data.code === 0))

exports.storm = async (engine, { free, size }) => {
  const phone = createPhone(engine, { free })
  const { counts, exchanges } = phone
  const client = await phone.start()
  await phone.outcome(client.login())
  phone.revokeAll()
  const before = { wxLogins: counts.login, posts: exchanges.logins, others: exchanges.others }
  const outcomes = { answered: 0, rejected: 0 }
  const virtualStart = phone.clock.now()
  let last = virtualStart
  const start = engine.now()
  const settled = (outcome) => {
    outcomes[outcome] += 1
    last = phone.clock.now()
  }
  const requests = Array.from({ length: size }, () => client.request(PATH).then(
    (body) => settled(isAnswer(body) ? 'answered' : 'rejected'),
    () => settled('rejected'),
  ))
  await phone.clock.run(Promise.all(requests))
  return Object.assign(outcomes, {
    hung: size - outcomes.answered - outcomes.rejected,
    wxLogins: counts.login - before.wxLogins,
    loginPosts: exchanges.logins - before.posts,
    replays: exchanges.others - before.others - size,
    loginPages: counts.navigateTo || 0,
    virtualMs: last - virtualStart,
    ms: engine.now() - start,
  })
}
