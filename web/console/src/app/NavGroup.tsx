import { NavLink, Text } from '@mantine/core'
import type { IconDatabase } from '@tabler/icons-react'
import { Link, type LinkProps, useLocation } from '@tanstack/react-router'
import { useId } from 'react'
import type { Role } from '../generated'
import { useHere, useMay } from './Workspace'

/** A page that the navigation leads to, for those who may see it. */
export interface NavPage {
  to: NonNullable<LinkProps['to']>
  label: string
  Icon: typeof IconDatabase
  needs?: Role
}

/** Pages of the workspace that belong together. */
export function NavGroup({ label, pages }: { label: string; pages: readonly NavPage[] }) {
  const id = useId()
  return (
    <div role="group" aria-labelledby={id}>
      <Text id={id} size="xs" fw={600} c="var(--console-quiet)" px="sm" pt="md" pb={4}>
        {label}
      </Text>
      {pages.map((page) => (
        <PageLink key={page.to} {...page} />
      ))}
    </div>
  )
}

function PageLink({ to, label, Icon, needs = 'VIEWER' }: NavPage) {
  const { pathname } = useLocation()
  const { workspace } = useHere()
  const at = to.replace('$workspaceId', workspace.id)
  const here = pathname.replace(/\/$/, '')
  const isHome = to === '/w/$workspaceId'
  if (!useMay(needs)) return null
  return (
    <NavLink
      label={label}
      leftSection={<Icon size={18} aria-hidden />}
      active={here.endsWith(at) || (!isHome && here.includes(`${at}/`))}
      aria-current={here.endsWith(at) ? 'page' : undefined}
      renderRoot={(props) => (
        <Link to={to} params={{ workspaceId: workspace.id }} activeOptions={{ exact: isHome, includeSearch: false }} {...props} />
      )}
    />
  )
}
