import { AppShell, Avatar, Burger, Group, Menu, Progress, ScrollArea, Stack, Text, UnstyledButton, useMantineColorScheme } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import {
  IconApi,
  IconCheck,
  IconChevronDown,
  IconDatabase,
  IconHome,
  IconKey,
  IconListSearch,
  IconLogout,
  IconMoon,
  IconServerBolt,
  IconSettings,
  IconSun,
  IconSunMoon,
  IconUsers,
} from '@tabler/icons-react'
import { useLocation, useNavigate } from '@tanstack/react-router'
import { type ReactNode, useEffect } from 'react'
import { bytes } from '../ui/bytes'
import { Logo } from './Logo'
import { NavGroup } from './NavGroup'
import { signOut } from './session'
import { useHere } from './Workspace'

const pages = [
  { to: '/w/$workspaceId', label: 'Home', Icon: IconHome },
  { to: '/w/$workspaceId/datastores', label: 'Datastores', Icon: IconDatabase },
  { to: '/w/$workspaceId/secrets', label: 'Secrets', Icon: IconKey },
] as const

const workspacePages = [
  { to: '/w/$workspaceId/audit', label: 'Audit', Icon: IconListSearch, needs: 'ADMIN' },
  { to: '/w/$workspaceId/api-keys', label: 'API keys', Icon: IconApi, needs: 'ADMIN' },
  { to: '/w/$workspaceId/runtime-keys', label: 'Runtime keys', Icon: IconServerBolt, needs: 'ADMIN' },
  { to: '/w/$workspaceId/members', label: 'Members', Icon: IconUsers, needs: 'ADMIN' },
  { to: '/w/$workspaceId/settings', label: 'Settings', Icon: IconSettings },
] as const

/** What stands around every page: where one is, where one can go, and who one is. */
export function Shell({ children }: { children: ReactNode }) {
  const [isOpen, { toggle, close }] = useDisclosure()
  const { pathname } = useLocation()
  useEffect(close, [pathname, close])

  return (
    <AppShell header={{ height: 56 }} navbar={{ width: 232, breakpoint: 'sm', collapsed: { mobile: !isOpen } }} padding={{ base: 'md', sm: 'xl' }}>
      <a className="skip" href="#content">
        Skip to the content
      </a>
      <AppShell.Header>
        <Group h="100%" px="md" justify="space-between" wrap="nowrap">
          <Group wrap="nowrap" gap="sm">
            <Burger opened={isOpen} onClick={toggle} hiddenFrom="sm" size="sm" aria-label={isOpen ? 'Close the navigation' : 'Open the navigation'} />
            <Logo />
          </Group>
          <Account />
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="sm" aria-label="Pages">
        <AppShell.Section>
          <WorkspaceSwitch />
        </AppShell.Section>
        <AppShell.Section grow component={ScrollArea} mt="sm">
          <NavGroup label="Data" pages={pages} />
          <NavGroup label="Workspace" pages={workspacePages} />
        </AppShell.Section>
        <AppShell.Section>
          <Storage />
        </AppShell.Section>
      </AppShell.Navbar>
      <AppShell.Main id="content" tabIndex={-1}>
        {children}
      </AppShell.Main>
    </AppShell>
  )
}

/** Which workspace this is, and the way to others. */
function WorkspaceSwitch() {
  const { workspace, workspaces } = useHere()
  const navigate = useNavigate()
  return (
    <Menu width={208} position="bottom-start">
      <Menu.Target>
        <UnstyledButton className="choice" aria-label={`Workspace ${workspace.name}: choose another`}>
          <Group justify="space-between" wrap="nowrap">
            <div style={{ minWidth: 0 }}>
              <Text fw={600} truncate>
                {workspace.name}
              </Text>
              <Text size="xs" c="var(--console-quiet)">
                {workspace.region}
              </Text>
            </div>
            <IconChevronDown size={16} aria-hidden />
          </Group>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown mah={360} style={{ overflowY: 'auto' }}>
        <Menu.Label>Workspaces</Menu.Label>
        {workspaces.map(({ id, name }) => (
          <Menu.Item
            key={id}
            onClick={() => void navigate({ to: '/w/$workspaceId/datastores', params: { workspaceId: id } })}
            rightSection={id === workspace.id && <IconCheck size={16} aria-label="current" />}
          >
            {name}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}

/** How much is stored, beside what may be. */
function Storage() {
  const { usedBytes, reservedBytes, limitBytes } = useHere().workspace.usage
  const taken = Number(usedBytes) + Number(reservedBytes)
  const share = limitBytes === null ? undefined : Math.min(100, (100 * taken) / Math.max(1, Number(limitBytes)))
  return (
    <Stack gap={4} p="xs">
      {share !== undefined && <Progress value={share} color={share > 90 ? 'red' : undefined} aria-label="Storage that is used" />}
      <Text size="xs" c="var(--console-quiet)">
        {limitBytes === null ? `${bytes(usedBytes)} stored` : `${bytes(taken)} of ${bytes(limitBytes)}`}
      </Text>
    </Stack>
  )
}

const schemes = [
  { scheme: 'light', label: 'Light', Icon: IconSun },
  { scheme: 'dark', label: 'Dark', Icon: IconMoon },
  { scheme: 'auto', label: 'As the system', Icon: IconSunMoon },
] as const

/** Who is signed in, how the page looks, and the way out. */
function Account() {
  const { viewer } = useHere()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  return (
    <Menu width={240} position="bottom-end">
      <Menu.Target>
        <UnstyledButton aria-label={`Account of ${viewer.actor.label}`}>
          <Avatar radius="xl" size={34} color="teal" variant="filled" name={viewer.actor.label} />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          <Text size="sm" c="var(--mantine-color-text)" className="breaks">
            {viewer.actor.label}
          </Text>
          {viewer.role?.toLowerCase()}
        </Menu.Label>
        <Menu.Divider />
        {schemes.map(({ scheme, label, Icon }) => (
          <Menu.Item
            key={scheme}
            leftSection={<Icon size={16} aria-hidden />}
            rightSection={colorScheme === scheme && <IconCheck size={16} aria-label="chosen" />}
            onClick={() => setColorScheme(scheme)}
          >
            {label}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={16} aria-hidden />} onClick={signOut}>
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
