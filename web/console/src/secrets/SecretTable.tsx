import { Anchor, Badge, Group, Table, Text } from '@mantine/core'
import { IconTrash } from '@tabler/icons-react'
import { Link, useParams } from '@tanstack/react-router'
import { memo, useDeferredValue } from 'react'
import type { SecretFormat, SecretRowFragment } from '../generated'
import { dayWords } from '../ui/day'
import { Labels } from '../ui/Labels'
import { When } from '../ui/When'
import { Rotation } from './Rotation'

/** What a value is, in a word. */
export const formats: Record<SecretFormat, string> = { TEXT: 'Text', JSON: 'JSON', BINARY: 'Bytes' }

/** Secrets, one a row. */
export function SecretTable({ rows }: { rows: SecretRowFragment[] }) {
  const { workspaceId } = useParams({ from: '/w/$workspaceId' })
  const drawn = useDeferredValue(rows) // many new rows are drawn in several tasks
  return (
    <Table.ScrollContainer minWidth={330} mt="md">
      <Table verticalSpacing="sm" highlightOnHover>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Name</Table.Th>
            <Table.Th visibleFrom="md">Format</Table.Th>
            <Table.Th>Rotation</Table.Th>
            <Table.Th visibleFrom="sm">Last rotated</Table.Th>
            <Table.Th visibleFrom="md">Last used</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {drawn.map((secret) => (
            <Row key={secret.id} secret={secret} workspaceId={workspaceId} />
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}

/** A row is drawn once, however the list grows. */
const Row = memo(function Row({ secret, workspaceId }: { secret: SecretRowFragment; workspaceId: string }) {
  const { id, name, description, labels, format, rotation, rotatedAt, lastInjectedAt, purgeAt } = secret
  return (
    <Table.Tr>
      <Table.Td>
        <Group gap="xs">
          <Anchor
            fw={600}
            className="breaks"
            renderRoot={(props) => <Link to="/w/$workspaceId/secrets/$secretId" params={{ workspaceId, secretId: id }} {...props} />}
          >
            {name}
          </Anchor>
          {purgeAt && (
            <Badge tt="none" fw={600} variant="default" leftSection={<IconTrash size={12} aria-hidden />}>
              Deleted, kept until {dayWords(purgeAt)}
            </Badge>
          )}
        </Group>
        {description && (
          <Text size="sm" c="var(--console-quiet)" lineClamp={1} className="breaks">
            {description}
          </Text>
        )}
        {labels.length > 0 && <Labels labels={labels} list="secrets" />}
      </Table.Td>
      <Table.Td visibleFrom="md">{formats[format]}</Table.Td>
      <Table.Td>{purgeAt ? '–' : <Rotation schedule={rotation} />}</Table.Td>
      <Table.Td visibleFrom="sm">
        <When time={rotatedAt} />
      </Table.Td>
      <Table.Td visibleFrom="md">{lastInjectedAt ? <When time={lastInjectedAt} /> : 'Never'}</Table.Td>
    </Table.Tr>
  )
})
