import { Badge, Button, Group, Skeleton, Table } from '@mantine/core'
import { IconCircleCheck, IconHistory, IconTrash } from '@tabler/icons-react'
import { lazy, Suspense, useState } from 'react'
import { problemOf } from '../app/problem'
import { useMay } from '../app/Workspace'
import type { SecretDetailsFragment, SecretVersionState } from '../generated'
import { LoadMore } from '../ui/LoadMore'
import { ProblemNote } from '../ui/ProblemNote'
import { When } from '../ui/When'
import { useVersions } from './useVersions'
import { Destroy, RollBack } from './VersionDialogs'

const Reveal = lazy(() => import('./Reveal').then((m) => ({ default: m.Reveal })))

const states: Record<SecretVersionState, { label: string; Icon: typeof IconTrash }> = {
  CURRENT: { label: 'Current', Icon: IconCircleCheck },
  RETAINED: { label: 'Retained', Icon: IconHistory },
  DESTROYED: { label: 'Destroyed', Icon: IconTrash },
}

/** The versions of a secret, without their values, and what can be done with those that are not current. */
export function Versions({ secret }: { secret: SecretDetailsFragment }) {
  const { rows, hasMore, more, error, refetch } = useVersions(secret.id)
  const mayWrite = useMay('EDITOR') && !secret.purgeAt
  const mayReveal = useMay('ADMIN') && !secret.purgeAt
  const [chosen, setChosen] = useState<{ version: number; to: 'reveal' | 'roll back' | 'destroy' }>()
  const close = () => setChosen(undefined)

  if (error) return <ProblemNote problem={problemOf(error)} onRetry={() => void refetch()} />
  if (!rows) return <Skeleton height={120} aria-label="Loading versions" />
  return (
    <>
      <Table.ScrollContainer minWidth={860} scrollAreaProps={{ viewportProps: { tabIndex: 0 } }}>
        <Table verticalSpacing="sm">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Version</Table.Th>
              <Table.Th>State</Table.Th>
              <Table.Th>Since</Table.Th>
              <Table.Th>By</Table.Th>
              <Table.Th>Destroyed</Table.Th>
              {mayWrite && <Table.Th>Actions</Table.Th>}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map(({ version, state, createdAt, createdBy, destroyAt }) => {
              const { label, Icon } = states[state]
              return (
                <Table.Tr key={version}>
                  <Table.Td>{version}</Table.Td>
                  <Table.Td>
                    <Badge miw="max-content" tt="none" fw={600} variant={state === 'CURRENT' ? 'filled' : 'default'} leftSection={<Icon size={12} aria-hidden />}>
                      {label}
                    </Badge>
                  </Table.Td>
                  <Table.Td>
                    <When time={createdAt} />
                  </Table.Td>
                  <Table.Td className="breaks" miw={140}>{createdBy.kind === 'SYSTEM' ? 'The server' : createdBy.label}</Table.Td>
                  <Table.Td>{destroyAt && state !== 'CURRENT' && <When time={destroyAt} />}</Table.Td>
                  {mayWrite && (
                    <Table.Td>
                      {state === 'RETAINED' && (
                        <Group gap={4}>
                          {mayReveal && (
                            <Button size="compact-sm" variant="subtle" aria-label={`Reveal version ${version}`} onClick={() => setChosen({ version, to: 'reveal' })}>
                              Reveal
                            </Button>
                          )}
                          <Button size="compact-sm" variant="subtle" aria-label={`Roll back to version ${version}`} onClick={() => setChosen({ version, to: 'roll back' })}>
                            Roll back
                          </Button>
                          <Button
                            size="compact-sm"
                            variant="subtle"
                            c="var(--console-alert)"
                            aria-label={`Destroy version ${version}`}
                            onClick={() => setChosen({ version, to: 'destroy' })}
                          >
                            Destroy
                          </Button>
                        </Group>
                      )}
                    </Table.Td>
                  )}
                </Table.Tr>
              )
            })}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      <LoadMore shown={rows.length} hasMore={hasMore} onMore={more} />
      <RollBack secret={secret} version={chosen?.to === 'roll back' ? chosen.version : undefined} onClose={close} />
      <Destroy secret={secret} version={chosen?.to === 'destroy' ? chosen.version : undefined} onClose={close} />
      <Suspense>{chosen?.to === 'reveal' && <Reveal secret={secret} version={chosen.version} onClose={close} />}</Suspense>
    </>
  )
}
