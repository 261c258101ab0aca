// Says which changes of the contract can break a client of the released one, and whether CHANGELOG.md names them.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { diff } from '@graphql-inspector/core'
import { buildSchema } from 'graphql'

// Null means the default, so another default is another behaviour for clients that have not changed.
const defaults = ['FIELD_ARGUMENT_DEFAULT_CHANGED', 'INPUT_FIELD_DEFAULT_VALUE_CHANGED']

/** The breaking changes from one contract to another, by coordinate: what graphql-inspector says, other defaults, and other guards. */
export async function breaking(released, current) {
  const changes = await diff(buildSchema(released), buildSchema(current))
  const added = changes.filter((c) => c.type.endsWith('_ADDED') && !c.path?.includes('@')).map((c) => c.path)
  const found = new Map()
  for (const change of changes) {
    const [coordinate, directive] = (change.path ?? change.message).split('.@')
    const guard = /^(authorize|signedIn)\b/.test(directive ?? '') && !added.some((a) => coordinate === a || coordinate.startsWith(`${a}.`))
    if (guard) found.set(coordinate, `Who may is another: ${coordinate}`)
    else if (change.criticality.level === 'BREAKING' || defaults.includes(change.type)) found.set(coordinate, change.message)
  }
  return found
}

/** The coordinates with which the items under Unreleased → Breaking of a changelog begin: the first in backticks of each. */
export function named(changelog) {
  const unreleased = changelog.split(/^## /m).find((part) => /^\[?Unreleased/.test(part)) ?? ''
  const section = unreleased.split(/^### /m).find((part) => part.startsWith('Breaking')) ?? ''
  return new Set([...section.matchAll(/^- [^`]*?`([^`]+)`/gm)].map((match) => match[1]))
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [released, current, changelog] = process.argv.slice(2).map((file) => readFileSync(file, 'utf8'))
  const known = named(changelog)
  const silent = [...(await breaking(released, current))].filter(([coordinate]) => !known.has(coordinate))
  for (const [coordinate, message] of silent) console.error(`breaking, and not named under Unreleased → Breaking of CHANGELOG.md: \`${coordinate}\`: ${message}`)
  if (silent.length > 0) process.exit(1)
}
