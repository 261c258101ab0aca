import { NativeSelect } from '@mantine/core'
import type { OrderDirection } from '../generated'

const orders = { name: 'Name', '-name': 'Name, from the last', '-created': 'Newest first', created: 'Oldest first', '-changed': 'Last changed first', changed: 'Longest unchanged first' } as const

/** An order of a list, as an address has it; undefined is by name. */
export type Order = Exclude<keyof typeof orders, 'name'>

/** The order that stands in an address; undefined for none of these. */
export const orderOf = (text: unknown) => (typeof text === 'string' && text !== 'name' && Object.hasOwn(orders, text) ? (text as Order) : undefined)

/** An order as the API takes it. `changed` is the field that says when a thing of the list was changed. */
export function orderBy<Changed extends string>(order: Order | undefined, changed: Changed) {
  if (!order) return null
  const field = { name: 'NAME', created: 'CREATED_AT', changed }[order.replace('-', '') as 'name' | 'created' | 'changed']
  const direction: OrderDirection = order.startsWith('-') ? 'DESC' : 'ASC'
  return { field: field as 'NAME' | 'CREATED_AT' | Changed, direction }
}

/** In which order a list is. */
export function OrderField({ value, onChange }: { value: Order | undefined; onChange: (to: Order | undefined) => void }) {
  return (
    <NativeSelect
      aria-label="Order"
      data={Object.entries(orders).map(([value, label]) => ({ value, label }))}
      value={value ?? 'name'}
      onChange={(event) => onChange(orderOf(event.currentTarget.value))}
    />
  )
}
