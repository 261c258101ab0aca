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
export { default as possibleTypes } from './possible-types.js'
export { upload, type Uploaded, type UploadOptions, type UploadRequest } from './upload.js'
