// Lower quartiles: what disturbs a sample makes it longer, never shorter. A virtual machine's neighbours disturb up to half of them.

export function summary(samples) {
  const sorted = [...samples].sort((a, b) => a - b)
  const at = (part) => sorted[Math.round(part * (sorted.length - 1))]
  return { typical: at(0.25), least: sorted[0], median: at(0.5) }
}

export const digits = (value) => {
  const size = Math.abs(value)
  return value.toFixed(size === 0 || size >= 100 ? 0 : size >= 10 ? 1 : 2)
}

export const spread = ({ typical, least, median }) => `${digits(typical)} (${digits(least)}–${digits(median)})`

export const kilobytes = (bytes) => `${(Math.round(bytes / 1024) || 0).toLocaleString('en')} KB`
