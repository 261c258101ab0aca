const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB']

/** How many bytes, as people say it: three digits and a binary unit. A BigInt of the API is a decimal text. */
export function bytes(count: number | string): string {
  let rest = Number(count)
  let unit = 0
  for (; rest >= 1024 && unit < units.length - 1; unit++) rest /= 1024
  return `${rest.toLocaleString('en', { maximumFractionDigits: unit === 0 || rest >= 100 ? 0 : 1 })} ${units[unit]}`
}
