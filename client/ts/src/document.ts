/**
 * The text of an operation, which knows the types of its result and its variables. It is a string at run time: whatever
 * takes a document as text takes it, and `parse` of `graphql` makes a `DocumentNode` of it.
 */
export type TypedDocumentString<Result, Variables> = string & {
  /** Is there for the compiler alone; generators and clients of GraphQL agree on the name. */
  readonly __apiType?: (variables: Variables) => Result
}

/** Gives a text its types. */
export function typed<Result, Variables>(text: string): TypedDocumentString<Result, Variables> {
  return text as TypedDocumentString<Result, Variables>
}
