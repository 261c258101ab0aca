/** One header that says who asks. It lives in memory only; nothing here writes it anywhere. */
export interface Credential {
  header: 'Authorization' | 'X-API-Key'
  value: string
  /** The value as of now, where it is renewed; rejects once that is over. */
  now?: () => Promise<string>
  /** Ends the session behind it, where there is one. */
  leave?: () => void
}

/** Reads what somebody pasted: a token or an API key, alone or as the header it came in. Undefined if it can be neither. */
export function readCredential(pasted: string): Credential | undefined {
  const bare = pasted
    .trim()
    .replace(/^(-H\s+)?["']|["']$/g, '')
    .replace(/^(authorization|x-api-key)\s*:\s*/i, '')
    .replace(/^bearer\s+/i, '')
    .trim()
  if (!/^[\x21-\x7e]+$/.test(bare)) return undefined
  return bare.startsWith('p1_') ? { header: 'X-API-Key', value: bare } : { header: 'Authorization', value: `Bearer ${bare}` }
}

/** The headers of one request: those of the page's credential, and over them those of the tab. The server takes one credential, never two. */
export function mergeHeaders(page: Record<string, string>, tab: Record<string, unknown> = {}): Record<string, string> {
  const merged = new Map<string, [string, string]>()
  const bears = (name: string) => name === 'authorization' || name === 'x-api-key'
  const own = Object.keys(tab).some((name) => bears(name.toLowerCase()))
  for (const [name, value] of Object.entries(page)) {
    if (!own || !bears(name.toLowerCase())) merged.set(name.toLowerCase(), [name, value])
  }
  for (const [name, value] of Object.entries(tab)) merged.set(name.toLowerCase(), [name, String(value)])
  return Object.fromEntries(merged.values())
}
