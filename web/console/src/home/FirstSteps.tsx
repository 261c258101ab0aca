import { SimpleGrid, Stack, Text, UnstyledButton } from '@mantine/core'
import { IconDatabase, IconKey, IconPlayerPlay, IconUsers } from '@tabler/icons-react'
import { Link, useParams } from '@tanstack/react-router'
import { useMay } from '../app/Workspace'
import { Empty } from '../ui/Empty'

const steps = [
  {
    to: '/w/$workspaceId/datastores',
    role: 'EDITOR',
    Icon: IconDatabase,
    title: 'Create a datastore',
    text: 'For the files and JSON that workflow steps read and write.',
  },
  {
    to: '/w/$workspaceId/secrets',
    role: 'EDITOR',
    Icon: IconKey,
    title: 'Create a secret',
    text: 'For a credential that runs get and nobody has to know.',
  },
  {
    to: '/w/$workspaceId/members',
    role: 'ADMIN',
    Icon: IconUsers,
    title: 'Invite members',
    text: 'By email address: as viewers, editors or admins.',
  },
  {
    to: '/w/$workspaceId/runtime-keys',
    role: 'ADMIN',
    Icon: IconPlayerPlay,
    title: 'Connect a run',
    text: 'With a key of its own, so that it gets secrets sealed.',
  },
] as const

/** What to do first in a workspace that has nothing yet. */
export function FirstSteps() {
  const { workspaceId } = useParams({ from: '/w/$workspaceId' })
  const may = { EDITOR: useMay('EDITOR'), ADMIN: useMay('ADMIN') }
  const own = steps.filter(({ role }) => may[role])
  if (own.length === 0) {
    return <Empty Icon={IconDatabase} title="Nothing is here yet" text="As soon as an editor or admin makes a datastore or a secret, this page says how they are." />
  }
  return (
    <Stack>
      <Text>Nothing is in this workspace yet. Here is what to do first.</Text>
      <SimpleGrid component="ul" cols={{ base: 1, sm: 2 }} p={0} m={0} style={{ listStyle: 'none' }}>
        {own.map(({ to, Icon, title, text }) => (
          <li key={to}>
            <UnstyledButton className="choice" renderRoot={(props) => <Link to={to} params={{ workspaceId }} {...props} />}>
              <Icon size={24} color="var(--console-accent)" aria-hidden />
              <Text fw={600}>{title}</Text>
              <Text size="sm" c="var(--console-quiet)">
                {text}
              </Text>
            </UnstyledButton>
          </li>
        ))}
      </SimpleGrid>
    </Stack>
  )
}
