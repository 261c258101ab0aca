import { CombinedGraphQLErrors, ServerError } from '@apollo/client'
import { ErrorLink } from '@apollo/client/link/error'
import { DataAPIError, type ErrorCode, NetworkError, ProxyError } from '@provenanceone/data-api'

/** What went wrong, by the code that the API gave it: programs go by `code`, people read `message`. */
export interface Problem {
  code: ErrorCode | 'UNREACHABLE' | 'FAILED'
  message: string
  retryAfterSeconds?: number | undefined
}

const unreachable =
  'The API did not answer. It may not be running there, or not allow pages of this origin (--allowed-origins).'

/** Codes that concern the whole page: the error link tells `App` of them. Any other is shown beside what was tried. */
const ofThePage = new Set<Problem['code']>(['UNAUTHENTICATED', 'RATE_LIMITED', 'UNAVAILABLE', 'UNREACHABLE'])

export const concernsThePage = (problem: Problem) => ofThePage.has(problem.code)

/** Tells of a problem that concerns the whole page. */
export function tell(problem: Problem, onProblem: (problem: Problem) => void) {
  if (concernsThePage(problem)) onProblem(problem)
}

/** Tells of every problem that concerns the whole page, whichever operation met it. */
export function errorLink(onProblem: (problem: Problem) => void): ErrorLink {
  return new ErrorLink(({ error, operation }) => {
    tell(problemOf(error, operation.getContext().response), onProblem)
  })
}

/** Reads an error of Apollo or of the API's client. The response adds its `Retry-After`, which pages may read. */
export function problemOf(error: unknown, response?: Response): Problem {
  if (CombinedGraphQLErrors.is(error) && error.errors[0]) return new DataAPIError(error.errors[0], response)
  if (ServerError.is(error)) return problemOf(new ProxyError(error.statusCode, error.response))
  if (error instanceof DataAPIError) return error
  if (error instanceof ProxyError) {
    const { message, retryAfterSeconds } = error
    return { code: ofStatus[error.status] ?? 'FAILED', message, retryAfterSeconds }
  }
  const isOfStorage = error instanceof NetworkError && error.who === 'Storage'
  if (error instanceof TypeError || (error instanceof NetworkError && !isOfStorage)) {
    return { code: 'UNREACHABLE', message: unreachable }
  }
  return { code: 'FAILED', message: error instanceof Error ? error.message : String(error) }
}

/** Codes for answers of what stands in front of the API, such as a load balancer: they have none but the status. */
const ofStatus: Record<number, ErrorCode> = {
  401: 'UNAUTHENTICATED',
  429: 'RATE_LIMITED',
  502: 'UNAVAILABLE',
  503: 'UNAVAILABLE',
  504: 'UNAVAILABLE',
}
