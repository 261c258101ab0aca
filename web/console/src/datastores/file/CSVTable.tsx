import { Table, Text } from '@mantine/core'
import Papa from 'papaparse'

const mostRows = 100
const mostColumns = 50

/** The first rows of a CSV. The first of all names the columns. */
export function CSVTable({ text, isCut }: { text: string; isCut: boolean }) {
  const { data } = Papa.parse<string[]>(text, { preview: mostRows + 2, skipEmptyLines: true })
  const whole = isCut && data.length <= mostRows + 1 ? data.slice(0, -1) : data // the last row may be cut too
  const [head = [], ...rows] = whole.map((row) => row.slice(0, mostColumns))
  return (
    <>
      <Table.ScrollContainer minWidth={200} maxHeight="60vh" scrollAreaProps={{ viewportProps: { tabIndex: 0, role: 'region', 'aria-label': 'Table' } }}>
        <Table striped withTableBorder stickyHeader>
          <Table.Thead>
            <Table.Tr>
              {head.map((name, i) => (
                <Table.Th key={i}>{name}</Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.slice(0, mostRows).map((row, i) => (
              <Table.Tr key={i}>
                {head.map((_, j) => (
                  <Table.Td key={j}>{row[j]}</Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {rows.length > mostRows && (
        <Text size="sm" c="var(--console-quiet)" mt="xs">
          These are the first {mostRows} rows.
        </Text>
      )}
    </>
  )
}
