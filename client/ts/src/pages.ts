import type { Client, RequestOptions } from './client.js'
import type { TypedDocumentString } from './document.js'
import { DataAPIError } from './errors.js'

/** One page of a list, whatever it lists. */
export interface Page<Item> {
  nodes: readonly Item[]
  pageInfo: { hasNextPage: boolean; endCursor?: string | null }
}

/**
 * Goes through a list, and asks for its next page when the one before is used up. `pick` finds the list in the result.
 * Where it finds none, there is no such datastore, object or secret, and the iteration throws NOT_FOUND.
 */
export async function* paginate<Result, Variables extends { after?: string | null | undefined }, Item>(
  client: Client,
  document: TypedDocumentString<Result, Variables>,
  variables: Variables,
  pick: (result: Result) => Page<Item> | null | undefined,
  options?: RequestOptions,
): AsyncGenerator<Item, void, undefined> {
  for (let after = variables.after; ; ) {
    const page = pick(await client.request(document, { ...variables, after }, options))
    if (!page) {
      throw new DataAPIError({ message: 'What was to be listed does not exist.', extensions: { code: 'NOT_FOUND' } })
    }

    yield* page.nodes
    if (!page.pageInfo.hasNextPage) return
    after = page.pageInfo.endCursor ?? null
  }
}
