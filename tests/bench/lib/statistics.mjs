// Medians, because a busy machine disturbs them least, and how far the rest lies from them.

export function summary(samples) {
  const sorted = [...samples].sort((a, b) => a - b)
  const at = (part) => sorted[Math.round(part * (sorted.length - 1))]
  return { median: at(0.5), least: sorted[0], upper: at(0.75), count: sorted.length }
}

export const digits = (value) => {
  const size = Math.abs(value)
  return value.toFixed(size === 0 || size >= 100 ? 0 : size >= 10 ? 1 : 2)
}

export const spread = ({ median, least, upper }) => `${digits(median)} (${digits(least)}–${digits(upper)})`

export const kilobytes = (bytes) => `${(Math.round(bytes / 1024) || 0).toLocaleString('en')} KB`
