/** A day as one says it: `4 Dec`; with the time where it is near, and with the year where that is another. */
export function dayWords(time: string, now = Date.now()): string {
  const date = new Date(time)
  const isNear = Math.abs(date.getTime() - now) < 2 * 86_400_000
  const isOtherYear = date.getFullYear() !== new Date(now).getFullYear()
  return date.toLocaleString('en-GB', {
    day: 'numeric',
    month: 'short',
    ...(isOtherYear && { year: 'numeric' }),
    ...(isNear && { hour: '2-digit', minute: '2-digit' }),
  })
}
