import { ApolloProvider } from '@apollo/client/react'
import { useQuery } from '@apollo/client/react'
import { Anchor, Center, Loader, Paper, Stack, Text, Title, UnstyledButton } from '@mantine/core'
import { Link, Navigate, useRouteContext } from '@tanstack/react-router'
import { useMemo } from 'react'
import { WorkspacesDocument } from '../generated'
import { ProblemNote } from '../ui/ProblemNote'
import { useTitle } from '../ui/title'
import { makeClients } from './clients'
import { Logo } from './Logo'
import { problemOf } from './problem'
import { signOut } from './session'

/** Leads on to somebody's only workspace, or asks which one. */
export function Choose() {
  const { credential } = useRouteContext({ from: '__root__' })
  const { apollo } = useMemo(() => makeClients(credential, undefined), [credential])
  return (
    <ApolloProvider client={apollo}>
      <Choice />
    </ApolloProvider>
  )
}

function Choice() {
  useTitle('Workspaces')
  const { data, error, refetch } = useQuery(WorkspacesDocument)
  const all = data?.workspaces
  if (all?.length === 1) return <Navigate to="/w/$workspaceId" params={{ workspaceId: all[0]!.id }} replace />

  return (
    <Center component="main" mih="100dvh" p="md" bg="var(--console-ground)">
      <Paper withBorder shadow="sm" p="xl" maw={480} w="100%">
        <Stack>
          <Logo />
          {error && <ProblemNote problem={problemOf(error)} onRetry={() => void refetch()} />}
          {!all && !error && <Loader aria-label="Loading workspaces" />}
          {all?.length === 0 && (
            <>
              <Title order={1}>No workspace yet</Title>
              <Text>
                Nobody has invited {data?.viewer?.actor.label ?? 'you'} to a workspace. Ask an admin of yours for an invitation, and open this page
                again.
              </Text>
            </>
          )}
          {all && all.length > 1 && (
            <>
              <Title order={1}>Choose a workspace</Title>
              <Stack gap="xs" component="ul" p={0} m={0} style={{ listStyle: 'none' }}>
                {all.map(({ id, name, region }) => (
                  <li key={id}>
                    <UnstyledButton
                      renderRoot={(props) => <Link to="/w/$workspaceId" params={{ workspaceId: id }} {...props} />}
                      className="choice"
                    >
                      <Text fw={600} className="breaks">
                        {name}
                      </Text>
                      <Text size="sm" c="var(--console-quiet)">
                        {region}
                      </Text>
                    </UnstyledButton>
                  </li>
                ))}
              </Stack>
            </>
          )}
          <Anchor component="button" type="button" onClick={signOut} ta="start">
            Sign out
          </Anchor>
        </Stack>
      </Paper>
    </Center>
  )
}
