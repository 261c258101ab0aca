import generated from './possible-types.js'

export {
  type Client,
  type ClientOptions,
  createClient,
  type Credential,
  credentialHeader,
  type RequestOptions,
} from './client.js'
export type { TypedDocumentString } from './document.js'
export {
  type AnswerLike,
  type AnyDataAPIError,
  DataAPIError,
  type ExtensionsOf,
  type GraphQLErrorLike,
  IntegrityError,
  isCode,
  isDataAPIError,
  NetworkError,
  ProxyError,
  StorageError,
  UploadRefusedError,
} from './errors.js'
export { type Download, download, type DownloadOptions, type DownloadRequest } from './download.js'
export * from './generated.js'
export { type Page, paginate } from './pages.js'
export { upload, type Uploaded, type UploadOptions, type UploadRequest } from './upload.js'

/** The types that implement each interface, for a cache that matches fragments. */
export const possibleTypes = generated.possibleTypes
