import { Anchor, Tooltip } from '@mantine/core'
import { Link, useParams } from '@tanstack/react-router'
import type { AuditRowFragment } from '../generated'
import { exactly, useAgo } from '../ui/When'
import type { AuditSearch } from './search'

/** The time of an event, which leads to all that is known of it. `within` is what narrows the log behind it. */
export function EventLink({ event: { id, at, action }, within }: { event: AuditRowFragment; within: AuditSearch }) {
  const { workspaceId } = useParams({ from: '/w/$workspaceId' })
  const ago = useAgo(at)
  return (
    <Tooltip label={exactly(at)} events={{ hover: true, focus: true, touch: true }}>
      <Anchor
        inherit
        aria-label={`${ago}: ${action}`}
        style={{ whiteSpace: 'nowrap' }}
        renderRoot={(props) => (
          <Link to="/w/$workspaceId/audit" params={{ workspaceId }} search={{ ...within, event: id }} resetScroll={false} {...props} />
        )}
      >
        <time dateTime={at}>{ago}</time>
      </Anchor>
    </Tooltip>
  )
}
