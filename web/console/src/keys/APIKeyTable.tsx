import { Badge, Button, Code, Stack, Table, Text } from '@mantine/core'
import { IconBan, IconClockOff } from '@tabler/icons-react'
import { useState } from 'react'
import { type APIKeyRowFragment, RevokeAPIKeyDocument } from '../generated'
import { ConfirmDialog } from '../ui/ConfirmDialog'
import { dayWords } from '../ui/day'
import { toast } from '../ui/toast'
import { useSend } from '../ui/useSend'
import { When } from '../ui/When'
import { isPast } from './expiry'
import { spelled } from './scopes'

/** API keys, one a row, and how to revoke one. */
export function APIKeyTable({ rows }: { rows: APIKeyRowFragment[] }) {
  const send = useSend()
  const [chosen, setChosen] = useState<APIKeyRowFragment>()
  return (
    <>
      <Table.ScrollContainer minWidth={980} scrollAreaProps={{ viewportProps: { tabIndex: 0 } }}>
        <Table verticalSpacing="sm" highlightOnHover className="acts">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Name</Table.Th>
              <Table.Th>Scopes</Table.Th>
              <Table.Th>From where</Table.Th>
              <Table.Th>Last used</Table.Th>
              <Table.Th>Expires</Table.Th>
              <Table.Th>Created</Table.Th>
              <Table.Th>Actions</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map((key) => (
              <APIKeyRow key={key.id} apiKey={key} onRevoke={() => setChosen(key)} />
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      <ConfirmDialog
        opened={chosen !== undefined}
        onClose={() => setChosen(undefined)}
        title={`Revoke ${chosen?.name}?`}
        action="Revoke"
        onConfirm={async () => {
          await send(RevokeAPIKeyDocument, { apiKeyId: chosen!.id })
          toast(`The API key ${chosen!.name} is revoked.`)
        }}
      >
        <Text size="sm">
          Programs that send the key <Code>{chosen?.prefix}…</Code> are refused at once, on every server. It cannot be made valid again: give them another
          one first.
        </Text>
        {chosen?.lastUsedAt && (
          <Text size="sm">
            It was last used <When time={chosen.lastUsedAt} />.
          </Text>
        )}
      </ConfirmDialog>
    </>
  )
}

function APIKeyRow({ apiKey, onRevoke }: { apiKey: APIKeyRowFragment; onRevoke: () => void }) {
  const { name, prefix, scopes, allowedNetworks, trustedDocumentsOnly, expiresAt, lastUsedAt, revokedAt, createdAt, createdBy } = apiKey
  const isUsable = !revokedAt && !isPast(expiresAt)
  return (
    <Table.Tr>
      <Table.Td miw={180}>
        <Text inherit fw={600} className="breaks">
          {name}
        </Text>
        <Code>{prefix}…</Code>
      </Table.Td>
      <Table.Td>
        <Stack gap={2}>
          {scopes.map((scope) => (
            <span key={scope}>{spelled(scope)}</span>
          ))}
          {trustedDocumentsOnly && (
            <Text inherit size="sm" c="var(--console-quiet)">
              trusted documents only
            </Text>
          )}
        </Stack>
      </Table.Td>
      <Table.Td className="breaks">{allowedNetworks.length > 0 ? allowedNetworks.join(', ') : 'Anywhere'}</Table.Td>
      <Table.Td>{lastUsedAt ? <When time={lastUsedAt} /> : 'Never'}</Table.Td>
      <Table.Td style={{ whiteSpace: 'nowrap' }}>{expiresAt ? dayWords(expiresAt) : 'Never'}</Table.Td>
      <Table.Td miw={200}>
        <When time={createdAt} />
        <Text size="sm" c="var(--console-quiet)" className="breaks">
          by {createdBy.label}
        </Text>
      </Table.Td>
      <Table.Td>
        {isUsable ? (
          <Button size="compact-sm" variant="subtle" c="var(--console-alert)" aria-label={`Revoke ${name}`} onClick={onRevoke}>
            Revoke
          </Button>
        ) : (
          <Ended isRevoked={revokedAt !== null} />
        )}
      </Table.Td>
    </Table.Tr>
  )
}

function Ended({ isRevoked }: { isRevoked: boolean }) {
  const Icon = isRevoked ? IconBan : IconClockOff
  return (
    <Badge miw="max-content" tt="none" fw={600} variant="default" leftSection={<Icon size={12} aria-hidden />}>
      {isRevoked ? 'Revoked' : 'Expired'}
    </Badge>
  )
}
