import { useApolloClient, useMutation, useQuery } from '@apollo/client/react'
import { ActionIcon, Badge, Button, Group, Menu, Skeleton, Stack, Text } from '@mantine/core'
import { IconCopy, IconDots, IconDownload, IconLink } from '@tabler/icons-react'
import { problemOf } from '../../app/problem'
import { useMay } from '../../app/Workspace'
import { FileVersionsDocument, RestoreVersionDocument, type VersionRowFragment } from '../../generated'
import { bytes } from '../../ui/bytes'
import { LoadMore } from '../../ui/LoadMore'
import { ProblemNote } from '../../ui/ProblemNote'
import { toast } from '../../ui/toast'
import { useAction } from '../../ui/useAction'
import { When } from '../../ui/When'
import { refreshFiles } from '../uploads/useUploads'
import classes from './file.module.css'
import type { Place } from './place'

/** The versions of a file that are kept, newest first. */
export function VersionList({
  place,
  current,
  onDownload,
  onLink,
  onCopy,
}: {
  place: Place
  current: VersionRowFragment
  onDownload: (version: number) => Promise<unknown>
  onLink: (version: VersionRowFragment) => void
  onCopy: (version: VersionRowFragment) => void
}) {
  const apollo = useApolloClient()
  const mayWrite = useMay('EDITOR')
  const [restore] = useMutation(RestoreVersionDocument)
  const { run, isDoing, problem } = useAction()
  const { data, error, fetchMore, refetch } = useQuery(FileVersionsDocument, { variables: { ...place, first: 20 } })
  const versions = data?.datastore?.object?.versions

  const bringBack = (version: number) =>
    run(async () => {
      await restore({ variables: { input: { ...place, version, ifVersionId: current.id } } })
      toast(`Version ${version} is current again, as a new version.`)
      refreshFiles(apollo)
    })

  if (error) return <ProblemNote problem={problemOf(error)} onRetry={() => void refetch()} />
  if (!versions) return <Skeleton height={120} aria-label="Loading versions" />
  return (
    <Stack gap="xs">
      <ProblemNote problem={problem} />
      <ul className={classes.versions}>
        {versions.edges.map(({ node }) => (
          <li key={node.id}>
            <Group justify="space-between" wrap="nowrap">
              <div>
                <Group gap="xs">
                  <Text fw={600}>Version {node.version}</Text>
                  {node.id === current.id && <Badge variant="light">Current</Badge>}
                </Group>
                <Text size="sm" c="var(--console-quiet)" className="breaks">
                  {bytes(node.sizeBytes)} · <When time={node.createdAt} /> · {node.createdBy.label}
                </Text>
              </div>
              <Group gap="xs" wrap="nowrap">
                {mayWrite && node.id !== current.id && (
                  <Button size="xs" variant="default" loading={isDoing} onClick={() => void bringBack(node.version)}>
                    Restore
                  </Button>
                )}
                <Menu position="bottom-end">
                  <Menu.Target>
                    <ActionIcon variant="subtle" color="gray" aria-label={`More for version ${node.version}`}>
                      <IconDots size={16} aria-hidden />
                    </ActionIcon>
                  </Menu.Target>
                  <Menu.Dropdown>
                    <Menu.Item leftSection={<IconDownload size={16} aria-hidden />} onClick={() => void onDownload(node.version)}>
                      Download
                    </Menu.Item>
                    <Menu.Item leftSection={<IconLink size={16} aria-hidden />} onClick={() => onLink(node)}>
                      Copy link
                    </Menu.Item>
                    {mayWrite && (
                      <Menu.Item leftSection={<IconCopy size={16} aria-hidden />} onClick={() => onCopy(node)}>
                        Copy to another key
                      </Menu.Item>
                    )}
                  </Menu.Dropdown>
                </Menu>
              </Group>
            </Group>
          </li>
        ))}
      </ul>
      <LoadMore
        shown={versions.edges.length}
        hasMore={versions.pageInfo.hasNextPage}
        onMore={() => fetchMore({ variables: { after: versions.pageInfo.endCursor } })}
      />
    </Stack>
  )
}
