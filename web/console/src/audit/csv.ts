import Papa from 'papaparse'
import type { AuditDetailsFragment } from '../generated'

/**
 * What a spreadsheet takes for a formula, at the beginning of a cell. The rule that Papa Parse has itself lets through
 * what goes on in another line, and what East Asian keyboards type.
 */
const formula = /^[=+\-@\t\r\n＝＋－＠]/

/** What each column of the file says of an event. */
const columns: Record<string, (event: AuditDetailsFragment) => string | null> = {
  at: ({ at }) => at,
  action: ({ action }) => action,
  risk: ({ risk }) => risk,
  outcome: ({ outcome }) => outcome,
  actor: ({ actor }) => actor.label,
  actorKind: ({ actor }) => actor.kind,
  principalId: ({ actor }) => actor.principalId,
  ip: ({ ip }) => ip,
  targetKind: ({ targetKind }) => targetKind,
  targetId: ({ targetId }) => targetId,
  targetLabel: ({ targetLabel }) => targetLabel,
  reason: ({ reason }) => reason,
  details: ({ details }) => JSON.stringify(details),
  userAgent: ({ userAgent }) => userAgent,
  requestId: ({ requestId }) => requestId,
  id: ({ id }) => id,
}

/** Lines of a CSV by RFC 4180. A cell that a spreadsheet would run gets an apostrophe in front. */
export const csvLines = (rows: (string | null)[][]): string => `${Papa.unparse(rows, { escapeFormulae: formula })}\r\n`

/** The first line, which names the columns. */
export const csvHead = (): string => csvLines([Object.keys(columns)])

/** A line for each event. */
export const csvOf = (events: AuditDetailsFragment[]): string => csvLines(events.map((event) => Object.values(columns).map((cell) => cell(event))))
