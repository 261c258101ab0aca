import { Anchor, Group, Table } from '@mantine/core'
import { IconFile, IconFolder } from '@tabler/icons-react'
import { Link, useParams } from '@tanstack/react-router'
import { memo, useDeferredValue } from 'react'
import type { FileRowFragment } from '../generated'
import { bytes } from '../ui/bytes'
import { When } from '../ui/When'

const from = '/w/$workspaceId/datastores/$datastoreId'

/** Folders, and files below them. Names are without what comes before `base`. */
export function FileTable({ folders, files, base }: { folders: string[]; files: FileRowFragment[]; base: string }) {
  const params = useParams({ from })
  const drawn = useDeferredValue(files) // many new rows are drawn in several tasks
  return (
    <Table.ScrollContainer minWidth={330} mt="md">
      <Table verticalSpacing="xs" highlightOnHover>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Name</Table.Th>
            <Table.Th visibleFrom="sm">Type</Table.Th>
            <Table.Th ta="end">Size</Table.Th>
            <Table.Th>Changed</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {folders.map((prefix) => (
            <Table.Tr key={prefix}>
              <Table.Td colSpan={4}>
                <Group gap="xs" wrap="nowrap">
                  <IconFolder size={18} aria-hidden color="var(--console-accent)" />
                  <Anchor fw={600} className="breaks" renderRoot={(props) => <Link to={from} params={params} search={{ folder: prefix }} {...props} />}>
                    {prefix.slice(base.length)}
                  </Anchor>
                </Group>
              </Table.Td>
            </Table.Tr>
          ))}
          {drawn.map((file) => (
            <Row key={file.id} file={file} base={base} />
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}

/** A row is drawn once, however the list grows. */
const Row = memo(function Row({ file: { key, current }, base }: { file: FileRowFragment; base: string }) {
  return (
    <Table.Tr>
      <Table.Td>
        <Group gap="xs" wrap="nowrap">
          <IconFile size={18} aria-hidden color="var(--console-quiet)" style={{ flex: 'none' }} />
          <Anchor
            className="breaks"
            renderRoot={(props) => <Link from={from} search={(now) => ({ ...now, key })} resetScroll={false} {...props} />}
          >
            {key.slice(base.length) || key}
          </Anchor>
        </Group>
      </Table.Td>
      <Table.Td className="breaks" visibleFrom="sm">{current.contentType}</Table.Td>
      <Table.Td ta="end" style={{ whiteSpace: 'nowrap' }}>
        {bytes(current.sizeBytes)}
      </Table.Td>
      <Table.Td>
        <When time={current.createdAt} />
      </Table.Td>
    </Table.Tr>
  )
})
