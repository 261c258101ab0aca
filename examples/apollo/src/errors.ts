import { CombinedGraphQLErrors, ServerError } from '@apollo/client'
import { ErrorLink } from '@apollo/client/link/error'

/** What went wrong, by the code that the API gave it: programs go by `code`, people read `message`. */
export interface Problem {
  code: string
  message: string
  retryAfterSeconds?: number
}

const unreachable =
  'The API did not answer. It may not be running there, or not allow pages of this origin (--allowed-origins).'

/** Codes that concern the whole page: the error link tells `App` of them. Any other is shown beside what was tried. */
const ofThePage = new Set(['UNAUTHENTICATED', 'RATE_LIMITED', 'UNAVAILABLE', 'UNREACHABLE'])

export const concernsThePage = (problem: Problem) => ofThePage.has(problem.code)

/** Tells of every error that concerns the whole page, whichever operation met it. */
export function errorLink(onProblem: (problem: Problem) => void): ErrorLink {
  return new ErrorLink(({ error, operation }) => {
    const problem = problemOf(error, operation.getContext().response)
    if (concernsThePage(problem)) onProblem(problem)
  })
}

/** Reads an error. The response adds its `Retry-After`, which the API lets pages of other origins see. */
export function problemOf(error: unknown, response?: Response): Problem {
  if (CombinedGraphQLErrors.is(error)) {
    const first = error.errors[0]
    const seconds = Number(first?.extensions?.retryAfterSeconds ?? response?.headers.get('Retry-After'))
    const code = String(first?.extensions?.code ?? 'INTERNAL')
    return { code, message: error.message, retryAfterSeconds: seconds || undefined }
  }
  if (ServerError.is(error)) return problemOfStatus(error.response)
  if (error instanceof TypeError) {
    return { code: 'UNREACHABLE', message: unreachable }
  }
  return { code: 'FAILED', message: error instanceof Error ? error.message : String(error) }
}

/** Codes for answers of what stands in front of the API, such as a load balancer: they have none but the status. */
const ofStatus: Record<number, string> = {
  401: 'UNAUTHENTICATED',
  429: 'RATE_LIMITED',
  502: 'UNAVAILABLE',
  503: 'UNAVAILABLE',
  504: 'UNAVAILABLE',
}

function problemOfStatus(response: Response): Problem {
  const seconds = Number(response.headers.get('Retry-After'))
  const message = `The answer was HTTP ${response.status}.`
  return { code: ofStatus[response.status] ?? 'FAILED', message, retryAfterSeconds: seconds || undefined }
}
