/** When a key that is made now is to expire. */
export const terms = [
  { value: '30', label: 'In 30 days' },
  { value: '90', label: 'In 90 days' },
  { value: '365', label: 'In a year' },
  { value: 'day', label: 'On a day of your choice' },
  { value: 'never', label: 'Never' },
] as const

export type Term = (typeof terms)[number]['value']

/** The time that a term stands for: a day's is its end, by the clock of this browser. Null for never. */
export function expiryOf(term: Term, day: string, now: number): string | null {
  if (term === 'never') return null
  if (term === 'day') return new Date(`${day}T23:59:59`).toISOString()
  return new Date(now + Number(term) * 86_400_000).toISOString()
}

/** Whether a time has come. */
export const isPast = (time: string | null): boolean => time !== null && new Date(time).getTime() <= Date.now()
