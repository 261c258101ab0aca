/** What styles that the page makes must name: the server gives each answer another. */
export const nonce = () => document.querySelector<HTMLMetaElement>('meta[name=data-api-nonce]')?.content ?? ''
