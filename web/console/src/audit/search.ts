import type { AuditFilter, Outcome, Risk } from '../generated'

/** What the address of the audit log says: what narrows it, and which event is open. */
export interface AuditSearch {
  action?: string | undefined
  risk?: Risk | undefined
  outcome?: Outcome | undefined
  /** A member or an API key. */
  principal?: string | undefined
  target?: string | undefined
  /** These two are whole times, so that a link means tomorrow what it means today. */
  since?: string | undefined
  until?: string | undefined
  event?: string | undefined
}

const risks: Risk[] = ['LOW', 'MEDIUM', 'HIGH']
const outcomes: Outcome[] = ['ALLOWED', 'DENIED', 'FAILED']

const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined)
const time = (value: unknown) => (typeof value === 'string' && !Number.isNaN(Date.parse(value)) ? new Date(value).toISOString() : undefined)

/** Takes from an address what the log understands of it. */
export const auditSearchOf = (search: Record<string, unknown>): AuditSearch => ({
  action: text(search.action),
  risk: risks.find((risk) => risk === search.risk),
  outcome: outcomes.find((outcome) => outcome === search.outcome),
  principal: text(search.principal),
  target: text(search.target),
  since: time(search.since),
  until: time(search.until),
  event: text(search.event),
})

/** What the API is asked for. What narrows nothing is left out, so that one list has one entry in the cache. */
export const filterOf = ({ action, risk, outcome, principal, target, since, until }: AuditSearch): AuditFilter => ({
  ...(action && { action }),
  ...(risk && { risk }),
  ...(outcome && { outcome }),
  ...(principal && { principalId: principal }),
  ...(target && { targetId: target }),
  ...(since && { since }),
  ...(until && { until }),
})

/** An address that narrows nothing. */
export const everything: AuditSearch = {}

/** The time that was so many days before now, to the minute. */
export const daysAgo = (days: number, now = Date.now()) => `${new Date(now - days * 86_400_000).toISOString().slice(0, 16)}:00.000Z`

/** A time as a field of the browser has it: the clock on the wall here, to the minute. */
export function wallClock(time: string | undefined): string {
  if (time === undefined) return ''
  const date = new Date(time)
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}
