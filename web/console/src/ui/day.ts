const day = (more: Intl.DateTimeFormatOptions = {}) => new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', ...more })
const year = { year: 'numeric' } as const
const clock = { hour: '2-digit', minute: '2-digit' } as const

// A formatter takes longer to make than a row of a table.
const formats = { far: day(), near: day(clock), farInAnotherYear: day(year), nearInAnotherYear: day({ ...year, ...clock }) }

/** A day as one says it: `4 Dec`; with the time where it is near, and with the year where that is another. */
export function dayWords(time: string, now = Date.now()): string {
  const date = new Date(time)
  const distance = Math.abs(date.getTime() - now) < 2 * 86_400_000 ? ('near' as const) : ('far' as const)
  const isOtherYear = date.getFullYear() !== new Date(now).getFullYear()
  return formats[isOtherYear ? (`${distance}InAnotherYear` as const) : distance].format(date)
}
