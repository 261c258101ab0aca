import { Code, Table, Text } from '@mantine/core'
import type { VersionRowFragment } from '../../generated'
import { bytes } from '../../ui/bytes'
import { When } from '../../ui/When'

/** A version of which all is known. */
export type Known = VersionRowFragment & { crc32c: string; md5: string | null; metadata: Record<string, unknown> }

/** What is known of a version. */
export function FileFacts({ version }: { version: Known }) {
  const { sizeBytes, contentType, crc32c, md5, metadata, createdAt, createdBy } = version
  const facts = [
    ['Version', version.version],
    ['Size', `${bytes(sizeBytes)} (${Number(sizeBytes).toLocaleString('en')} bytes)`],
    ['Type', contentType],
    ['Written', <When key="when" time={createdAt} />],
    ['By', createdBy.label],
    ['CRC32C', <Code key="crc32c">{crc32c}</Code>],
    ['MD5', md5 === null ? 'None, as it came in parts' : <Code key="md5">{md5}</Code>],
  ] as const
  return (
    <>
      <Table verticalSpacing="xs">
        <Table.Tbody>
          {facts.map(([name, value]) => (
            <Table.Tr key={name}>
              <Table.Th scope="row" w={110}>
                {name}
              </Table.Th>
              <Table.Td className="breaks">{value}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <Text fw={600} mt="md" mb="xs" component="h3" size="sm">
        Metadata
      </Text>
      {Object.keys(metadata).length ? (
        <Code block className="breaks" tabIndex={0}>
          {JSON.stringify(metadata, null, 2)}
        </Code>
      ) : (
        <Text c="var(--console-quiet)" size="sm">
          There is none.
        </Text>
      )}
    </>
  )
}
