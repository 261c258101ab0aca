/** Where operations go, as the page says it. */
export const endpoint = new URL(document.querySelector<HTMLMetaElement>('meta[name=data-api-endpoint]')?.content ?? '/graphql', location.href).href

export interface GraphQLError {
  message: string
  extensions?: { code?: string }
}

/** An answer of the server. */
export interface Answer {
  data?: Record<string, unknown> | null
  errors?: GraphQLError[]
}

/** What is known of an exchange beside its answer. */
export interface Exchange {
  status: number
  milliseconds: number
  requestId: string
}

/** Sends one operation. No cookie goes along, no cache keeps the answer, no redirect is followed. */
export async function post(body: unknown, headers: Record<string, string>): Promise<[Answer, Exchange]> {
  const began = performance.now()
  const response = await fetch(endpoint, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'Content-Type': 'application/json', Accept: 'application/graphql-response+json, application/json;q=0.9', ...headers },
    credentials: 'omit',
    cache: 'no-store',
    redirect: 'error',
  })
  const answer = (await response.json()) as Answer
  const exchange = { status: response.status, milliseconds: Math.round(performance.now() - began), requestId: response.headers.get('X-Request-Id') ?? '' }
  return [answer, exchange]
}
