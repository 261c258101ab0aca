/** How a file is shown. */
export type Kind = 'image' | 'csv' | 'json' | 'text' | 'none'

const images = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/avif'])
/** What is certainly no text: it is not read only to find that out. */
const binary = /^(audio|video|font|image)\/|^application\/(zip|gzip|pdf|x-tar|wasm|vnd\.(ms|openxmlformats)-)/

/** Says by its type, and where that says nothing by the end of its key, how a file is shown. An SVG is text: it may run programs. */
export function kindOf(contentType: string, key: string): Kind {
  const type = contentType.split(';')[0]!.trim().toLowerCase()
  const extension = /\.([^./]+)$/.exec(key)?.[1]?.toLowerCase()
  if (images.has(type)) return 'image'
  if (type === 'text/csv' || type === 'text/tab-separated-values' || extension === 'csv' || extension === 'tsv') return 'csv'
  if (type === 'application/json' || type.endsWith('+json') || extension === 'json') return 'json'
  return type !== 'image/svg+xml' && binary.test(type) ? 'none' : 'text'
}
