import type { Fetcher, FetcherParams } from '@graphiql/toolkit'
import { type OperationDefinitionNode, parse } from 'graphql'
import { createClient } from 'graphql-sse'
import { mergeHeaders } from '../../shared/credential'
import { endpoint, post, type Answer, type Exchange } from './endpoint'
import { learn } from './recall'
import { sessionHeaders } from './session'
import { createStore } from '../../shared/store'

/** The latest exchange, for the line below the answer; undefined while there is none. */
export const latest = createStore<(Exchange & { answer: Answer }) | undefined>(undefined)

const hint = 'Sign in above, or paste a token, then the schema can be read: what operations there are, and what each promises.'

/**
 * Returns a fetcher that sends operations by POST and, for subscriptions alone, reads the answers as server-sent events (graphql-sse,
 * distinct connections). A new one for each session makes GraphiQL read the schema anew.
 */
export function createFetcher(): Fetcher {
  return async (params, opts) => {
    const headers = mergeHeaders(await sessionHeaders(), opts?.headers)
    if (params.operationName === 'IntrospectionQuery') return introspect(params, headers)
    const operation = chosen(params)
    const request = operation ? { ...params, operationName: operation.name?.value } : params
    return operation?.operation === 'subscription' ? stream(request, headers) : run(request, headers)
  }
}

/** Only who has a credential may read the schema: without one the server is not asked. */
async function introspect(params: FetcherParams, headers: Record<string, string>) {
  const known = Object.keys(headers).some((name) => ['authorization', 'x-api-key'].includes(name.toLowerCase()))
  if (!known) return { hint } as never
  return (await post(params, headers))[0] as never
}

async function run(params: FetcherParams, headers: Record<string, string>) {
  latest.set(undefined)
  const [answer, exchange] = await post(params, headers)
  latest.set({ ...exchange, answer })
  learn(answer.data)
  return answer as never
}

/**
 * The operation to run; undefined where the document is none, which the server says better. GraphiQL's own idea of it lags a moment behind
 * the editor, so its name counts only if the document has it.
 */
function chosen({ query, operationName }: FetcherParams): OperationDefinitionNode | undefined {
  try {
    const operations = parse(query).definitions.filter((d) => d.kind === 'OperationDefinition')
    return operations.find((d) => d.name?.value === operationName) ?? (operations.length === 1 ? operations[0] : undefined)
  } catch {
    return undefined
  }
}

/** A stream of answers. What the server says instead of one, a refusal, is the only answer. */
function stream(params: FetcherParams, headers: Record<string, string>): AsyncIterableIterator<never> {
  latest.set(undefined)
  const client = createClient({ url: endpoint, headers, credentials: 'omit', referrerPolicy: 'no-referrer', retryAttempts: 0 })
  const events = client.iterate({ query: params.query, variables: params.variables as Record<string, unknown>, operationName: params.operationName ?? undefined })
  const stop = async () => {
    client.dispose()
    return { done: true as const, value: undefined }
  }
  let refused = false
  return {
    [Symbol.asyncIterator]() {
      return this
    },
    async next() {
      if (refused) return stop()
      try {
        return (await events.next()) as IteratorResult<never>
      } catch (error) {
        refused = true
        return { done: false, value: (await refusal(error)) as never }
      }
    },
    return: stop,
  }
}

async function refusal(error: unknown): Promise<unknown> {
  const response = (error as { response?: Response }).response
  if (!(response instanceof Response)) throw error
  return response.json().catch(() => {
    throw error
  })
}
