import { Anchor, Text } from '@mantine/core'
import { Link, useParams } from '@tanstack/react-router'
import type { AuditRowFragment } from '../generated'

/** What an event was about, by the name that it had then. Secrets and datastores lead to their pages. */
export function Target({ event }: { event: AuditRowFragment }) {
  const kind = event.targetKind.replaceAll('_', ' ')
  const name = event.targetLabel ?? event.targetId
  if (name === null) return <>the {kind}</>
  return (
    <>
      <Text inherit span c="var(--console-quiet)">
        {kind}
      </Text>{' '}
      <Name event={event} name={name} />
    </>
  )
}

function Name({ event: { targetKind, targetId }, name }: { event: AuditRowFragment; name: string }) {
  const { workspaceId } = useParams({ from: '/w/$workspaceId' })
  if (targetId !== null && targetKind === 'secret') {
    return (
      <Anchor
        inherit
        underline="always"
        className="breaks"
        renderRoot={(props) => <Link to="/w/$workspaceId/secrets/$secretId" params={{ workspaceId, secretId: targetId }} {...props} />}
      >
        {name}
      </Anchor>
    )
  }
  if (targetId !== null && targetKind === 'datastore') {
    return (
      <Anchor
        inherit
        underline="always"
        className="breaks"
        renderRoot={(props) => <Link to="/w/$workspaceId/datastores/$datastoreId" params={{ workspaceId, datastoreId: targetId }} {...props} />}
      >
        {name}
      </Anchor>
    )
  }
  return <span className="breaks">{name}</span>
}
