/** Where the API is, and who asks. It stays in memory: nothing writes it anywhere, and a reload forgets it. */
export interface Session {
  api: string
  /** A JWT or an API key. */
  credential: string
}

/** The one header that says who asks. API keys begin with `p1_`; what does not is a JWT. */
export function credentialHeader(credential: string): Record<string, string> {
  return credential.startsWith('p1_') ? { 'X-API-Key': credential } : { Authorization: `Bearer ${credential}` }
}
