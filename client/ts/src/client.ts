import type { TypedDocumentString } from './document.js'
import { DataAPIError, type GraphQLErrorLike, networkError, ProxyError } from './errors.js'

/** An API key, a token, or a function that returns one: it is called for each request, and may fetch a new one. */
export type Credential = string | (() => string | Promise<string>)

export interface ClientOptions {
  /** The URL of the GraphQL endpoint, for example `https://api.example/graphql`. */
  endpoint: string
  credential: Credential
  /** Selects one of a person's workspaces; needless where there is one. */
  workspaceId?: string
  /** Makes the requests, those to storage too, but for uploads in browsers; the runtime's own by default. */
  fetch?: typeof fetch
}

export interface RequestOptions {
  signal?: AbortSignal | undefined
}

export interface Client {
  /**
   * Runs an operation. It rejects with a DataAPIError if the API refuses, with a NetworkError if nobody answers, and
   * with a ProxyError if somebody else does.
   */
  request<Result, Variables>(
    document: TypedDocumentString<Result, Variables>,
    variables: Variables,
    options?: RequestOptions,
  ): Promise<Result>
  /** What the client was made with, for requests to storage. */
  readonly fetch: typeof fetch | undefined
}

/** How long an operation may take, the answer included: longer than the server takes for one. */
const timeout = 15_000

/** Makes a client. It throws if the credential would travel in the clear to another machine. */
export function createClient({ endpoint, credential, workspaceId, fetch: own }: ClientOptions): Client {
  const url = safeEndpoint(endpoint)

  async function send(body: string, signal: AbortSignal | undefined): Promise<Response> {
    const headers = new Headers({
      Accept: 'application/graphql-response+json, application/json;q=0.9',
      'Content-Type': 'application/json',
      ...credentialHeader(typeof credential === 'string' ? credential : await credential()),
      ...(workspaceId === undefined ? {} : { 'X-Workspace-Id': workspaceId }),
    })
    const limit = AbortSignal.timeout(timeout)
    try {
      // `manual` follows no redirect, as `error` does, and every runtime has it.
      const answer = await (own ?? fetch)(url, {
        method: 'POST',
        headers,
        body,
        redirect: 'manual',
        signal: signal ? AbortSignal.any([signal, limit]) : limit,
      })
      return new Response(await answer.text(), { status: answer.status, headers: answer.headers })
    } catch (thrown) {
      throw networkError('The Data API', thrown, signal)
    }
  }

  return {
    fetch: own,
    async request<Result, Variables>(
      document: TypedDocumentString<Result, Variables>,
      variables: Variables,
      options?: RequestOptions,
    ) {
      const answer = await send(JSON.stringify({ query: document, variables }), options?.signal)
      return readAnswer<Result>(answer)
    },
  }
}

async function readAnswer<Result>(answer: Response): Promise<Result> {
  const said = (await answer.json().catch(() => undefined)) as
    { data?: Result | null; errors?: GraphQLErrorLike[] } | null | undefined
  const first = said?.errors?.[0]
  if (first) throw new DataAPIError(first, answer)
  if (!answer.ok || !said?.data) throw new ProxyError(answer.status, answer)
  return said.data
}

/** The header that says who asks. API keys begin with `p1_`; what does not is a token. */
export function credentialHeader(credential: string): Record<string, string> {
  // What a runtime says of a malformed header quotes it.
  if (!/^[\x21-\x7e]+$/.test(credential)) {
    throw new TypeError('credential: it is empty, or has characters that no API key and no token has')
  }
  return credential.startsWith('p1_') ? { 'X-API-Key': credential } : { Authorization: `Bearer ${credential}` }
}

function safeEndpoint(endpoint: string): string {
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined
  if (!url || url.username || url.password) throw new TypeError('endpoint: it must be a URL without a user')
  const loopback = /^(localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname)
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && loopback)) {
    throw new TypeError('endpoint: it must be https, or http on loopback: a credential goes there')
  }
  return url.href
}
