import { Alert, Button, Center, Paper, Stack, Text, Title } from '@mantine/core'
import { useState } from 'react'
import { useTitle } from '../ui/title'
import { Logo } from './Logo'
import { signIn } from './session'

/** What somebody sees who is not signed in. The issuer's page asks who they are, and leads back to this address. */
export function SignIn({ notice }: { notice?: string | undefined }) {
  useTitle('Sign in')
  const [isLeaving, setLeaving] = useState(false)
  const leave = async () => {
    setLeaving(true)
    await signIn()
    setLeaving(false)
  }

  return (
    <Center component="main" mih="100dvh" p="md" bg="var(--console-ground)">
      <Paper withBorder shadow="sm" p="xl" maw={420} w="100%">
        <Stack>
          <Logo />
          <Title order={1}>Sign in</Title>
          <Text>Files and JSON that workflow steps read and write, and the credentials that they run with.</Text>
          {notice && (
            <Alert color="orange" role="alert">
              {notice}
            </Alert>
          )}
          <Button size="md" onClick={leave} loading={isLeaving}>
            Sign in
          </Button>
          <Text size="sm" c="var(--console-quiet)">
            Your sign-in is kept in this tab's memory alone: a reload asks for it again.
          </Text>
        </Stack>
      </Paper>
    </Center>
  )
}
