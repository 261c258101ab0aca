import { Anchor, Center, Stack, Text, Title } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useTitle } from '../ui/title'

export function NotFound() {
  useTitle('Not found')
  return (
    <Center p="xl">
      <Stack>
        <Title order={1}>There is no such page</Title>
        <Text>The address may have been cut, or be of an older version of the console.</Text>
        <Anchor renderRoot={(props) => <Link to="/" {...props} />}>Go to your workspaces</Anchor>
      </Stack>
    </Center>
  )
}
