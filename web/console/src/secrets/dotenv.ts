/** What one assignment says: a name and its value, or what is wrong with it. */
export interface Assignment {
  /** Empty where none can be read. What stands there instead may be part of a value, and is shown nowhere. */
  name: string
  value: string
  problem?: string
}

const assignment = /^[ \t]*(?:export[ \t]+)?([^\s=#'"]+)[ \t]*=/
const escapes: Record<string, string> = { n: '\n', r: '\r', t: '\t', '"': '"', '\\': '\\', $: '$', '\n': '' }

/**
 * Reads a .env file: `NAME=value`, also after `export`; lines that begin with `#` are comments. A value in single quotes
 * is taken as it is, one in double quotes with its escapes; both may have several lines. Without quotes a value ends with
 * its line, or before a `#` that follows a space. Variables are not put in: `$HOME` is a text.
 */
export function readDotenv(text: string): Assignment[] {
  const all = text.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n')
  const found: Assignment[] = []
  let at = 0
  const line = () => {
    const end = all.indexOf('\n', at)
    const one = all.slice(at, end < 0 ? undefined : end)
    at = end < 0 ? all.length : end + 1
    return one
  }

  while (at < all.length) {
    const begin = at
    const whole = line()
    const head = assignment.exec(whole)
    if (!head) {
      const isBlank = /^\s*(#|$)/.test(whole)
      if (!isBlank) found.push({ name: '', value: '', problem: `Line ${all.slice(0, begin).split('\n').length} is no NAME=value.` })
      continue
    }

    const name = head[1]!
    const bare = whole.slice(head[0].length)
    if (!/^[ \t]*['"]/.test(bare)) {
      found.push({ name, value: bare.replace(/\s#.*$/, '').trim() })
      continue
    }

    at = begin + head[0].length
    const quoted = /^[ \t]*(?:'([^']*)'|"((?:\\[^]|[^"\\])*)")/.exec(all.slice(at))
    if (!quoted) {
      found.push({ name, value: '', problem: 'The closing quote is missing. What follows was not read.' })
      break
    }
    const value = quoted[1] ?? quoted[2]!.replace(/\\([^])/g, (both, one: string) => escapes[one] ?? both)
    at += quoted[0].length
    const isEnd = /^\s*(#|$)/.test(line())
    found.push(isEnd ? { name, value } : { name, value: '', problem: 'Something stands after the closing quote.' })
  }
  return found
}
