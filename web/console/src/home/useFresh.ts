import type { OperationVariables, TypedDocumentNode } from '@apollo/client'
import { useQuery } from '@apollo/client/react'

/** Asks past the cache: the lists that Home shows the beginning of have other arguments on the pages that they are from. */
export const useFresh = <Data, Variables extends OperationVariables>(document: TypedDocumentNode<Data, Variables>, variables: Variables) =>
  useQuery<Data, OperationVariables>(document as TypedDocumentNode<Data>, { variables, fetchPolicy: 'no-cache', nextFetchPolicy: 'no-cache' })
