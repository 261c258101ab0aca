import { type Assignment, readDotenv } from './dotenv'

/** How many secrets one import takes at most. */
const mostEntries = 200

const maxBytes = 64 * 1024
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** Reads what was pasted, a .env file or a flat JSON object, and says of each entry what the API would refuse. Throws what is wrong with the whole. */
export function readEntries(text: string, prefix: string): Assignment[] {
  const entries = (text.trimStart().startsWith('{') ? readObject(text) : readDotenv(text)).map((one) => ({ ...one, name: one.name && prefix + one.name }))
  if (entries.length === 0) throw new Error('Nothing here has a name and a value.')
  if (entries.length > mostEntries) throw new Error(`These are ${entries.length}. Import at most ${mostEntries} at once.`)
  const last = new Map(entries.map(({ name }, i) => [name, i]))
  return entries.map((one, i) => {
    const problem = one.problem ?? nameProblem(one.name) ?? (last.get(one.name) !== i ? 'It is there again further down, where it counts.' : valueProblem(one.value))
    return problem === undefined ? one : { name: one.name, value: '', problem }
  })
}

function readObject(text: string): Assignment[] {
  let object: Record<string, unknown>
  try {
    object = JSON.parse(text) as Record<string, unknown>
  } catch {
    throw new Error('This begins as a JSON object does, and is none: look for a missing quote or comma.')
  }
  return Object.entries(object).map(([name, value]) => {
    if (typeof value === 'string') return { name, value }
    if (typeof value === 'boolean' || Number.isSafeInteger(value)) return { name, value: String(value) }
    return { name, value: '', problem: typeof value === 'number' ? 'Put the number in quotes, so that it stays as it is.' : 'Its value is no text.' }
  })
}

function nameProblem(name: string): string | undefined {
  if (uuid.test(name.split('.', 1)[0]!)) return 'A name is no UUID, and begins with none before a dot.'
  if (!/^[A-Za-z0-9_./-]{1,120}$/.test(name)) return 'A name is 1 to 120 of letters, digits, “_”, “-”, “.” and “/”.'
  return undefined
}

function valueProblem(value: string): string | undefined {
  if (value === '') return 'It has no value.'
  if (value.includes('\0')) return 'Its value has the character U+0000.'
  if (new TextEncoder().encode(value).length > maxBytes) return 'Its value is larger than 64 KiB.'
  return undefined
}
