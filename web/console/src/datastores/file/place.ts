/** Where a file is. */
export interface Place {
  datastoreId: string
  key: string
}
