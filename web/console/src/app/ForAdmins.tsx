import { IconLock } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { Empty } from '../ui/Empty'
import { PageHead } from '../ui/PageHead'
import { useMay } from './Workspace'

/** A page for admins. Whoever else comes to its address is told whom to ask. */
export function ForAdmins({ title, children }: { title: string; children: ReactNode }) {
  if (useMay('ADMIN')) return children
  return (
    <>
      <PageHead title={title} />
      <Empty Icon={IconLock} title="This page is for admins" text="Ask an admin of this workspace for what you need here, or for the role." />
    </>
  )
}
