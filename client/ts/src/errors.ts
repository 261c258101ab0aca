import type { ConsumerKind, ErrorCode, Role, UploadRejection, UploadState } from './generated.js'

/** Every code of the contract. The compiler holds that none is missing. */
const codes: Readonly<Record<ErrorCode, true>> = {
  BAD_REQUEST: true,
  GRAPHQL_PARSE_FAILED: true,
  GRAPHQL_VALIDATION_FAILED: true,
  UNAUTHENTICATED: true,
  FORBIDDEN: true,
  NOT_FOUND: true,
  BAD_USER_INPUT: true,
  CONFLICT: true,
  IN_USE: true,
  QUOTA_EXCEEDED: true,
  IDEMPOTENCY_MISMATCH: true,
  RATE_LIMITED: true,
  QUERY_TOO_COSTLY: true,
  PERSISTED_QUERY_NOT_FOUND: true,
  DOCUMENT_NOT_TRUSTED: true,
  UNAVAILABLE: true,
  INTERNAL: true,
}

interface About {
  /** The input at fault. */
  field?: string
}

/** What stands beside each code, for programs. Each may be missing: docs/reference/errors.md says when it is there. */
export interface ExtensionsOf {
  BAD_REQUEST: object
  GRAPHQL_PARSE_FAILED: object
  GRAPHQL_VALIDATION_FAILED: object
  UNAUTHENTICATED: object
  FORBIDDEN: { requiredRole?: Role; requiredScope?: string; secretIds?: string[] }
  NOT_FOUND: About & { missing?: string[]; secretId?: string; rejection?: UploadRejection; uploadId?: string }
  BAD_USER_INPUT: About
  CONFLICT: About & { currentVersion?: number; secretIds?: string[] }
  IN_USE: About & {
    count?: number
    references?: { kind: ConsumerKind; externalId: string; name: string }[]
  }
  QUOTA_EXCEEDED: About & { limitBytes?: string; usedBytes?: string; reservedBytes?: string; limit?: number }
  IDEMPOTENCY_MISMATCH: About
  RATE_LIMITED: { retryAfterSeconds?: number }
  QUERY_TOO_COSTLY: { cost?: number; limit?: number; field?: string; argument?: string }
  PERSISTED_QUERY_NOT_FOUND: object
  DOCUMENT_NOT_TRUSTED: object
  UNAVAILABLE: { retryAfterSeconds?: number }
  INTERNAL: { requestId?: string }
}

/** An error as it stands in an answer of GraphQL. */
export interface GraphQLErrorLike {
  message: string
  path?: readonly (string | number)[] | undefined
  extensions?: Readonly<Record<string, unknown>> | undefined
}

/** What is known of an answer beside its body. */
export interface AnswerLike {
  status: number
  headers: { get(name: string): string | null }
}

/** The API refused. `code` decides, `message` is its sentence for people, `extensions` has what belongs to `code`. */
export class DataAPIError<Code extends ErrorCode = ErrorCode> extends Error {
  override readonly name = 'DataAPIError'
  readonly code: Code
  readonly extensions: Readonly<ExtensionsOf[Code]>
  /** The field of the document that failed. */
  readonly path: readonly (string | number)[] | undefined
  /** Finds the request in the server's log. */
  readonly requestId: string | undefined
  /** How long to wait before it is worth asking again. */
  readonly retryAfterSeconds: number | undefined

  /** Reads an error of an answer. A code that is not known here is INTERNAL; `extensions.code` has it as it came. */
  constructor(error: GraphQLErrorLike, answer?: AnswerLike) {
    super(error.message)
    const extensions = error.extensions ?? {}
    const code = String(extensions.code)
    this.code = (Object.hasOwn(codes, code) ? code : 'INTERNAL') as Code
    this.extensions = extensions as ExtensionsOf[Code]
    this.path = error.path
    this.requestId = text(extensions.requestId) ?? answer?.headers.get('X-Request-Id') ?? undefined
    this.retryAfterSeconds = seconds(extensions.retryAfterSeconds) ?? retryAfter(answer)
  }
}

/** A refusal of each code: a `switch` over `code` narrows `extensions`. */
export type AnyDataAPIError = { [Code in ErrorCode]: DataAPIError<Code> }[ErrorCode]

/** Reports whether the API refused with a code. */
export function isCode<Code extends ErrorCode>(error: unknown, code: Code): error is DataAPIError<Code> {
  return error instanceof DataAPIError && error.code === code
}

/** Reports whether the API refused, so that a `switch` over its `code` narrows `extensions`. */
export function isDataAPIError(error: unknown): error is AnyDataAPIError {
  return error instanceof DataAPIError
}

/**
 * Nobody answered, or the answer broke off. Whether it was done is not known. The error that the runtime had is left
 * out, but for its code: it may quote a URL, and a signed one is a credential.
 */
export class NetworkError extends Error {
  override readonly name = 'NetworkError'

  constructor(
    readonly who: 'The Data API' | 'Storage',
    /** What the runtime called it, for example ECONNREFUSED; browsers do not say. */
    readonly reason?: string,
  ) {
    super(`${who} did not answer${reason ? ` (${reason})` : ''}.`)
  }
}

/** What answered is not the API: a proxy or a load balancer before it, or another server. */
export class ProxyError extends Error {
  override readonly name = 'ProxyError'
  readonly retryAfterSeconds: number | undefined

  constructor(
    /** The status; 0 where a browser hides that of a redirect. */
    readonly status: number,
    answer?: AnswerLike,
  ) {
    super(
      status === 0 || (status >= 300 && status < 400)
        ? 'The endpoint redirects to somewhere else, and a credential goes nowhere else: name that address instead.'
        : `The answer was HTTP ${status}, and not the Data API's.`,
    )
    this.retryAfterSeconds = retryAfter(answer)
  }
}

/** Storage refused the bytes, or does not give them. */
export class StorageError extends Error {
  override readonly name = 'StorageError'

  constructor(
    readonly status: number,
    what: string,
  ) {
    super(`Storage ${what}: HTTP ${status}.`)
  }
}

/** The bytes landed, and did not become an object. */
export class UploadRefusedError extends Error {
  override readonly name = 'UploadRefusedError'

  constructor(
    readonly uploadId: string,
    readonly state: UploadState,
    readonly rejection: UploadRejection | null,
  ) {
    super(`The upload did not become an object: ${rejection ?? state}.`)
  }
}

/** The bytes that were sent and those that are stored, or the other way around, are not the same. */
export class IntegrityError extends Error {
  override readonly name = 'IntegrityError'

  constructor(
    what: string,
    /** The version that is stored. */
    readonly versionId: string,
  ) {
    super(what)
  }
}

/** Makes a NetworkError of what `fetch` threw; but of an abort that which the caller gave for a reason. */
export function networkError(who: 'The Data API' | 'Storage', thrown: unknown, signal?: AbortSignal): unknown {
  if (signal?.aborted) return signal.reason
  const { name, cause } = Object(thrown) as { name?: string; cause?: { code?: unknown } }
  if (name === 'TimeoutError') return new NetworkError(who, 'timed out')
  return new NetworkError(who, text(cause?.code))
}

function retryAfter(answer: AnswerLike | undefined): number | undefined {
  return seconds(Number(answer?.headers.get('Retry-After') ?? undefined))
}

function seconds(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}
