import { useQuery } from '@apollo/client/react'
import { Button, Code, Drawer, Group, Skeleton, Stack, Text, Title } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { problemOf } from '../app/problem'
import { type ActorKind, type AuditDetailsFragment, AuditEventDocument } from '../generated'
import { CopyButton } from '../ui/CopyButton'
import { Facts } from '../ui/Facts'
import { JSONTree } from '../ui/JSONTree'
import { ProblemNote } from '../ui/ProblemNote'
import { useFocusBack } from '../ui/useFocusBack'
import { When, exactly } from '../ui/When'
import { OutcomeMark, RiskMark } from './marks'
import type { AuditSearch } from './search'
import { Target } from './Target'

const from = '/w/$workspaceId/audit'

/** One event of the log, whole. Its address is the log's, with the event's id. */
export function EventDrawer({ id }: { id: string }) {
  useFocusBack()
  const navigate = useNavigate({ from })
  const { data, error, refetch } = useQuery(AuditEventDocument, { variables: { id } })
  const event = data?.auditEvent
  /** Closes the drawer, and narrows the log behind it. */
  const leave = (to: AuditSearch = {}) => void navigate({ search: (now) => ({ ...now, ...to, event: undefined }), resetScroll: false })
  return (
    <Drawer opened onClose={leave} position="right" size="lg" title={event?.action ?? 'Event'} classNames={{ title: 'breaks' }}>
      {error && <ProblemNote problem={problemOf(error)} onRetry={() => void refetch()} />}
      {!data && !error && <Skeleton height={240} aria-label="Loading the event" />}
      {data && !event && <Text>There is no such event in this workspace.</Text>}
      {event && <Whole event={event} onNarrow={leave} />}
    </Drawer>
  )
}

const kinds: Record<ActorKind, string> = { USER: 'a person', API_KEY: 'an API key', SYSTEM: 'the server itself' }

function Whole({ event, onNarrow }: { event: AuditDetailsFragment; onNarrow: (to: AuditSearch) => void }) {
  const { id, at, action, risk, outcome, actor, ip, userAgent, requestId, reason, targetId, details } = event
  const { principalId } = actor
  return (
    <Stack>
      <Facts
        facts={{
          When: (
            <>
              {exactly(at)}, <When time={at} />
            </>
          ),
          Action: <span className="value">{action}</span>,
          Outcome: <OutcomeMark outcome={outcome} />,
          Risk: <RiskMark risk={risk} />,
          Who: `${actor.label}, ${kinds[actor.kind]}`,
          'About what': <Target event={event} />,
          Address: ip ?? 'None: the server did it by itself',
          'User agent': userAgent ?? 'None was given',
        }}
      />
      <section>
        <Title order={3} size="sm">
          Reason
        </Title>
        {reason === null ? (
          <Text c="var(--console-quiet)">None was given.</Text>
        ) : (
          <Text className="breaks wraps">{reason}</Text>
        )}
      </section>
      <section>
        <Title order={3} size="sm">
          Details
        </Title>
        {Object.keys(details).length === 0 ? <Text c="var(--console-quiet)">There are none.</Text> : <JSONTree value={details} label="Details" />}
      </section>
      <Facts
        facts={{
          'Who, by id': principalId !== null ? <Id name="the id of who" value={principalId} /> : undefined,
          'About what, by id': targetId !== null ? <Id name="the id of what" value={targetId} /> : undefined,
          Request: <Id name="the request's id" value={requestId} />,
          Event: <Id name="the event's id" value={id} />,
        }}
      />
      <Group gap="xs">
        {principalId !== null && (
          <Button variant="default" onClick={() => onNarrow({ principal: principalId })}>
            Only {actor.kind === 'USER' ? 'this person' : 'this key'}
          </Button>
        )}
        {targetId !== null && (
          <Button variant="default" onClick={() => onNarrow({ target: targetId })}>
            Only this {event.targetKind.replaceAll('_', ' ')}
          </Button>
        )}
      </Group>
    </Stack>
  )
}

function Id({ name, value }: { name: string; value: string }) {
  return (
    <Group gap={4} wrap="nowrap">
      <Code className="breaks">{value}</Code>
      <CopyButton value={value} label={`Copy ${name}`} bare />
    </Group>
  )
}
