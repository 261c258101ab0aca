/** A job that somebody comes here to do. */
export interface Example {
  /** The name of the operation, which is also the name of its tab. */
  name: string
  title: string
  /** What happens, and what to do next. */
  says: string
  /** Who may: the least role, and the scope of an API key. */
  needs: string
  query: string
  /** JSON. Words in capitals stand for ids that earlier answers fill in. */
  variables?: string
}

/** A noun of the API: the root fields that its examples ask for are documented under it. */
export interface Group {
  title: string
  /** What it is, in a sentence. */
  says: string
  examples: Example[]
}
