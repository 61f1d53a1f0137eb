// For tests of an app, in Node: a phone that is not there, and what a client reads in a server's answers.
'use strict'

const { BASE_URL, answersTwice, fails, held, loses, neverAnswers, returns, succeeds, throws } = require('./fake-wx.js')
const { createPhone } = require('./phone.js')
const { explainDialect } = require('./explain-dialect.js')

module.exports = {
  BASE_URL, answersTwice, createPhone, explainDialect, fails, held, loses, neverAnswers, returns, succeeds, throws,
}
