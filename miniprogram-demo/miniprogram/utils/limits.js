// What the backend takes, in characters.
module.exports = {
  longestNickname: 32,
  longestUsername: 63,
  shortestPassword: 8,
  longestPassword: 128,
}
