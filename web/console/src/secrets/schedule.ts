import cronstrue from 'cronstrue'
import type { RotationScheduleInput, ScheduleFragment, SecretAlphabet } from '../generated'
import { dayWords } from '../ui/day'

const units = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
] as const

const list = new Intl.ListFormat('en-GB')

/** How many seconds an ISO 8601 duration is, as the API returns one: days, hours, minutes, seconds. */
export function secondsOf(duration: string): number {
  const parts = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:([\d.]+)S)?)?$/.exec(duration)
  return units.reduce((sum, [, length], i) => sum + Number(parts?.[i + 1] ?? 0) * length, 0)
}

/** How often, in words: `every 30 days`, `every hour`, `every 1 day and 12 hours`. */
export function everyWords(duration: string): string {
  let rest = secondsOf(duration)
  const parts: [number, string][] = []
  for (const [name, length] of units) {
    const count = Math.floor(rest / length)
    rest -= count * length
    if (count > 0) parts.push([count, name])
  }
  if (parts.length === 1 && parts[0]![0] === 1) return `every ${parts[0]![1]}`
  return `every ${list.format(parts.map(([count, name]) => `${count} ${name}${count === 1 ? '' : 's'}`))}`
}

type When = Pick<ScheduleFragment, 'every' | 'cron' | 'timeZone' | 'nextAt' | 'overdue'>

/** A cron expression in words: `At 03:00, only on Monday`; undefined for what is none. */
export function cronWords(cron: string): string | undefined {
  try {
    return cronstrue.toString(cron, { use24HourTimeFormat: true })
  } catch {
    return undefined
  }
}

/** A schedule in words: `every 30 days, next on 4 Dec`, or `At 03:00, only on Monday, in Europe/Berlin, next on 4 Dec`. */
export function scheduleWords({ every, cron, timeZone, nextAt, overdue }: When, now = Date.now()): string {
  const often = every ? everyWords(every) : `${cronWords(cron!) ?? cron}, in ${timeZone}`
  return `${often}, ${overdue ? 'due since' : 'next on'} ${dayWords(nextAt, now)}`
}

/** The characters of a generated value, in words. */
export const alphabets: Record<SecretAlphabet, string> = {
  ALPHANUMERIC: 'letters and digits',
  SAFE_PUNCTUATION: 'letters, digits, “-”, “.” and “_”',
  HEX: 'hexadecimal digits',
}

/** How the server is to make up a value, as a form has it. */
export interface GeneratorDraft {
  length: number | string
  alphabet: SecretAlphabet
}

/** A schedule, as a form has it. */
export interface ScheduleDraft extends GeneratorDraft {
  count: number | string
  unit: 'days' | 'hours'
  by: 'people' | 'server'
  /** Whether `cron` counts, or `count` and `unit`. */
  isByCalendar: boolean
  cron: string
  timeZone: string
}

/** The inputs of the API that a schedule is made of. */
export const scheduleInputs = ['every', 'cron', 'timeZone', 'length']

/** What a form begins with: the schedule that there is, or a usual one. */
export function draftOf(schedule?: ScheduleFragment | null): ScheduleDraft {
  const generator = schedule?.generator ?? { length: 32, alphabet: 'ALPHANUMERIC' as const }
  const seconds = schedule?.every ? secondsOf(schedule.every) : 30 * 86_400
  const isDays = seconds % 86_400 === 0
  return {
    count: seconds / (isDays ? 86_400 : 3_600),
    unit: isDays ? 'days' : 'hours',
    by: schedule?.generator ? 'server' : 'people',
    length: generator.length,
    alphabet: generator.alphabet,
    isByCalendar: !!schedule?.cron,
    cron: schedule?.cron ?? '0 3 1 * *',
    timeZone: schedule?.timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone,
  }
}

/** What a form says, as the API takes it. */
export function scheduleOf({ count, unit, by, length, alphabet, isByCalendar, cron, timeZone }: ScheduleDraft): RotationScheduleInput {
  const every = unit === 'days' ? `P${Number(count)}D` : `PT${Math.round(Number(count) * 60)}M`
  return {
    ...(isByCalendar ? { cron: cron.trim(), timeZone } : { every }),
    ...(by === 'server' && { generate: { length: Number(length), alphabet } }),
  }
}
