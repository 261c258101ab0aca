import { Button, Table, Text } from '@mantine/core'
import { useState } from 'react'
import { RemoveRuntimeKeyDocument, type RuntimeKeyRowFragment } from '../generated'
import { ConfirmDialog } from '../ui/ConfirmDialog'
import { Copyable } from '../ui/Copyable'
import { toast } from '../ui/toast'
import { useSend } from '../ui/useSend'
import { When } from '../ui/When'

/** Runtime keys, one a row, and how to remove one. */
export function RuntimeKeyTable({ rows }: { rows: RuntimeKeyRowFragment[] }) {
  const send = useSend()
  const [chosen, setChosen] = useState<RuntimeKeyRowFragment>()
  return (
    <>
      <Table.ScrollContainer minWidth={960} scrollAreaProps={{ viewportProps: { tabIndex: 0 } }}>
        <Table verticalSpacing="sm" highlightOnHover className="acts">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Name</Table.Th>
              <Table.Th>Id</Table.Th>
              <Table.Th>Public key</Table.Th>
              <Table.Th>Added</Table.Th>
              <Table.Th>Actions</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map((key) => (
              <Table.Tr key={key.id}>
                <Table.Td miw={160} fw={600} className="breaks">
                  {key.name}
                </Table.Td>
                <Table.Td>
                  <Copyable text={key.id} label={`Copy the id of ${key.name}`} />
                </Table.Td>
                <Table.Td>
                  <Copyable text={key.publicKey} label={`Copy the public key of ${key.name}`} />
                </Table.Td>
                <Table.Td miw={210}>
                  <When time={key.createdAt} />
                  <Text size="sm" c="var(--console-quiet)" className="breaks">
                    by {key.createdBy.label}
                  </Text>
                </Table.Td>
                <Table.Td>
                  <Button size="compact-sm" variant="subtle" c="var(--console-alert)" aria-label={`Remove ${key.name}`} onClick={() => setChosen(key)}>
                    Remove
                  </Button>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      <ConfirmDialog
        opened={chosen !== undefined}
        onClose={() => setChosen(undefined)}
        title={`Remove ${chosen?.name}?`}
        action="Remove"
        onConfirm={async () => {
          await send(RemoveRuntimeKeyDocument, { runtimeKeyId: chosen!.id })
          toast(`The runtime key ${chosen!.name} is removed.`)
        }}
      >
        <Text size="sm">
          No further secret is sealed to it: runs of the runtime that has it get none from now on, and fail if they need one. What it was handed before, it
          can still open.
        </Text>
      </ConfirmDialog>
    </>
  )
}
