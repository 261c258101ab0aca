import { Center, Loader, MantineProvider } from '@mantine/core'
import { Notifications } from '@mantine/notifications'
import { RouterProvider } from '@tanstack/react-router'
import { useStore } from '../../../shared/store'
import { nonce } from './nonce'
import { router } from './router'
import { session } from './session'
import { SignIn } from './SignIn'
import { theme } from './theme'

/** The whole page: the sign-in, or what the address names. */
export function App() {
  const now = useStore(session)
  return (
    <MantineProvider theme={theme} defaultColorScheme="auto" getStyleNonce={nonce}>
      <Notifications position="bottom-right" />
      {now.state === 'arriving' && (
        <Center component="main" h="100dvh">
          <Loader aria-label="Signing in" />
        </Center>
      )}
      {now.state === 'out' && <SignIn notice={now.notice} />}
      {now.state === 'in' && <RouterProvider router={router} context={{ credential: now.credential }} />}
    </MantineProvider>
  )
}
