import { Checkbox, Group, SegmentedControl } from '@mantine/core'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { LabelFilterField } from '../ui/LabelFilterField'
import { OrderField } from '../ui/OrderField'
import { SearchField } from '../ui/SearchField'

const from = '/w/$workspaceId/secrets'

/** What narrows the list of secrets, and its order. All of it is in the address. */
export function SecretFilters() {
  const search = useSearch({ from })
  const navigate = useNavigate({ from })
  const narrow = (to: Partial<typeof search>) => void navigate({ search: (before) => ({ ...before, ...to }), replace: true })
  return (
    <Group gap="md">
      <SearchField label="Find by name" value={search.q} onChange={(q) => narrow({ q })} />
      <LabelFilterField value={search.labels} onChange={(labels) => narrow({ labels })} />
      <OrderField value={search.order} onChange={(order) => narrow({ order })} />
      <SegmentedControl
        size="xs"
        aria-label="Whether anything uses them"
        data={[
          { value: 'all', label: 'All' },
          { value: 'true', label: 'In use' },
          { value: 'false', label: 'Not in use' },
        ]}
        value={String(search.referenced ?? 'all')}
        onChange={(to) => narrow({ referenced: to === 'all' ? undefined : to === 'true' })}
      />
      <Checkbox label="Only overdue" checked={search.overdue ?? false} onChange={(event) => narrow({ overdue: event.currentTarget.checked || undefined })} />
      <Checkbox
        label="Deleted ones too"
        checked={search.deleted ?? false}
        onChange={(event) => narrow({ deleted: event.currentTarget.checked || undefined })}
      />
    </Group>
  )
}
