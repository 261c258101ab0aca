import { Button } from '@mantine/core'
import { IconListSearch } from '@tabler/icons-react'
import { Link, useParams } from '@tanstack/react-router'
import { useMay } from '../app/Workspace'

/** Leads to what the log has about one thing. Only admins read the log. */
export function EventsOf({ id }: { id: string }) {
  const { workspaceId } = useParams({ from: '/w/$workspaceId' })
  if (!useMay('ADMIN')) return null
  return (
    <Button
      variant="default"
      leftSection={<IconListSearch size={16} aria-hidden />}
      renderRoot={(props) => <Link to="/w/$workspaceId/audit" params={{ workspaceId }} search={{ target: id }} {...props} />}
    >
      Its events
    </Button>
  )
}
