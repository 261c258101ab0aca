import { Text, Tooltip } from '@mantine/core'
import { useEffect, useState } from 'react'

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' })
const steps: [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 365 * 86_400],
  ['month', 30 * 86_400],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
]

/** How many seconds the clocks of the server and of the browser may differ: what has just happened is not yet to come. */
const skew = 15

/** How long ago a time was, or how long it is until then, for example `3 hours ago`. */
export function ago(time: string, now = Date.now()): string {
  const seconds = (new Date(time).getTime() - now) / 1000
  for (const [unit, length] of steps) if (Math.abs(seconds) >= length) return relative.format(Math.trunc(seconds / length), unit)
  return seconds > skew ? 'in less than a minute' : 'just now'
}

const whole = new Intl.DateTimeFormat('en-GB', { dateStyle: 'full', timeStyle: 'long' })

/** The whole of a time, for example `Saturday, 28 November 2026 at 19:11:14 GMT`. */
export const exactly = (time: string) => whole.format(new Date(time))

/** How long ago a time was, anew each minute. */
export function useAgo(time: string): string {
  const [, again] = useState(0)
  useEffect(() => {
    const timer = setInterval(() => again((n) => n + 1), 60_000)
    return () => clearInterval(timer)
  }, [])
  return ago(time)
}

/** A time, in a few words; the whole of it on hover, on focus and for screen readers. */
export function When({ time }: { time: string }) {
  return (
    <Tooltip label={exactly(time)}>
      <Text component="time" dateTime={time} inherit style={{ whiteSpace: 'nowrap' }}>
        {useAgo(time)}
      </Text>
    </Tooltip>
  )
}
