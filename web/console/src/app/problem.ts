import { CombinedGraphQLErrors, ServerError } from '@apollo/client'
import { DataAPIError, type ErrorCode, NetworkError, ProxyError } from '@provenanceone/data-api'

/** What went wrong, by the code that the API gave it: programs go by `code`, people read `message`. */
export interface Problem {
  code: ErrorCode | 'UNREACHABLE' | 'FAILED'
  message: string
  /** What the API said beside the code. */
  extensions?: Readonly<Record<string, unknown>>
  /** Of an answer that has no sentence of the API's. */
  retryAfterSeconds?: number | undefined
}

/** Reads an error of Apollo, of the API's client, or of the browser. */
export function problemOf(error: unknown): Problem {
  if (CombinedGraphQLErrors.is(error) && error.errors[0]) return told(new DataAPIError(error.errors[0]))
  if (ServerError.is(error)) return problemOf(new ProxyError(error.statusCode, error.response))
  if (error instanceof DataAPIError) return told(error)
  if (error instanceof ProxyError) {
    const { message, retryAfterSeconds } = error
    return { code: error.status === 401 ? 'UNAUTHENTICATED' : 'UNAVAILABLE', message, retryAfterSeconds }
  }
  if (error instanceof NetworkError) return { code: 'UNREACHABLE', message: error.message }
  if (error instanceof TypeError) return { code: 'UNREACHABLE', message: 'The server does not answer. Check your connection, and try again.' }
  return { code: 'FAILED', message: error instanceof Error ? error.message : String(error) }
}

/** The server's own sentence says when to try again. */
const told = ({ code, message, extensions }: DataAPIError): Problem => ({
  code,
  message,
  extensions: extensions as Record<string, unknown>,
})

/** Whether a problem is about an input, or a part of it: `labels[1].key` is of `labels`. */
export const isOf = (problem: Problem, input: string) => /^\w*/.exec(String(problem.extensions?.field))![0] === input

/** The sentence for the input at fault, if the problem is about that one. */
export const problemOfField = (problem: Problem | undefined, field: string): string | undefined => (problem && isOf(problem, field) ? problem.message : undefined)
