import { ApiFailure, promiseApi } from './api.js'

const PREFIX = 'wx:'
const KEY_LIMIT = 1024 * 1024
const TOTAL_LIMIT = 10 * 1024 * 1024

/** WeChat's storage in the browser's: it survives a reload, as it survives the end of an app. */
export function storageApi() {
  return {
    getStorageSync: (key) => read(key) ?? '',
    setStorageSync: synchronous('setStorageSync', write),
    removeStorageSync: synchronous('removeStorageSync', remove),
    clearStorageSync: synchronous('clearStorageSync', clear),
    getStorage: promiseApi('getStorage', ({ key }) => {
      const data = read(key)
      if (data === undefined) throw new ApiFailure('data not found')
      return { data }
    }),
    setStorage: promiseApi('setStorage', ({ key, data }) => write(key, data)),
    removeStorage: promiseApi('removeStorage', ({ key }) => remove(key)),
    clearStorage: promiseApi('clearStorage', clear),
  }
}

function synchronous(name, run) {
  return (...args) => {
    try {
      run(...args)
    } catch (error) {
      throw new Error(`${name}:fail ${error.message}`)
    }
  }
}

function read(key) {
  const text = localStorage.getItem(PREFIX + key)
  return text === null ? undefined : JSON.parse(text)
}

function write(key, data) {
  if (typeof key !== 'string' || key === '') throw new ApiFailure('parameter error: parameter.key should be a non-empty String;')
  const text = JSON.stringify(data) ?? '""'
  if (bytes(text) > KEY_LIMIT) throw new ApiFailure('entry size limit reached')
  if (usedWithout(key) + bytes(text) > TOTAL_LIMIT) throw new ApiFailure('exceed storage max size 10Mb')
  localStorage.setItem(PREFIX + key, text)
}

function remove(key) {
  localStorage.removeItem(PREFIX + key)
}

function clear() {
  keys().forEach((key) => localStorage.removeItem(key))
}

function keys() {
  return Object.keys(localStorage).filter((key) => key.startsWith(PREFIX))
}

function usedWithout(key) {
  return keys()
    .filter((stored) => stored !== PREFIX + key)
    .reduce((sum, stored) => sum + bytes(localStorage.getItem(stored)), 0)
}

function bytes(text) {
  return new TextEncoder().encode(text).length
}
