import { ActionIcon, Badge, Group, Menu, Table, Text } from '@mantine/core'
import { IconDots, IconMail, IconMailForward, IconTrash, IconUserShield } from '@tabler/icons-react'
import { lazy, Suspense, useState } from 'react'
import { useHere } from '../app/Workspace'
import type { MemberRowFragment } from '../generated'
import { When } from '../ui/When'
import { roleLabel } from './roles'

const ChangeRole = lazy(() => import('./ChangeRole').then((m) => ({ default: m.ChangeRole })))
const InviteAgain = lazy(() => import('./InviteAgain').then((m) => ({ default: m.InviteAgain })))
const RemoveMember = lazy(() => import('./RemoveMember').then((m) => ({ default: m.RemoveMember })))

const dialogs = { ChangeRole, InviteAgain, RemoveMember }

/** Members and invitations, one a row, and what can be done with each. */
export function MemberTable({ rows }: { rows: MemberRowFragment[] }) {
  const own = useHere().viewer.actor.label
  const [chosen, setChosen] = useState<{ member: MemberRowFragment; to: keyof typeof dialogs }>()
  const Dialog = chosen && dialogs[chosen.to]
  return (
    <>
      <Table.ScrollContainer minWidth={640} scrollAreaProps={{ viewportProps: { tabIndex: 0 } }}>
        <Table verticalSpacing="sm" highlightOnHover className="acts">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Email address</Table.Th>
              <Table.Th>Role</Table.Th>
              <Table.Th>Joined</Table.Th>
              <Table.Th>Actions</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map((member) => (
              <Table.Tr key={member.id}>
                <Table.Td miw={220}>
                  <Group gap="xs">
                    <Text span inherit fw={600} className="breaks">
                      {member.email}
                    </Text>
                    {member.email === own && (
                      <Badge tt="none" fw={600} variant="default">
                        You
                      </Badge>
                    )}
                  </Group>
                </Table.Td>
                <Table.Td>{roleLabel(member.role)}</Table.Td>
                <Table.Td>{member.joinedAt ? <When time={member.joinedAt} /> : <Invited since={member.createdAt} />}</Table.Td>
                <Table.Td>
                  <Actions member={member} onChoose={(to) => setChosen({ member, to })} />
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      <Suspense>{Dialog && <Dialog member={chosen.member} onClose={() => setChosen(undefined)} />}</Suspense>
    </>
  )
}

function Invited({ since }: { since: string }) {
  return (
    <Group gap="xs">
      <Badge miw="max-content" tt="none" fw={600} variant="default" leftSection={<IconMail size={12} aria-hidden />}>
        Invited
      </Badge>
      <When time={since} />
    </Group>
  )
}

function Actions({ member, onChoose }: { member: MemberRowFragment; onChoose: (to: keyof typeof dialogs) => void }) {
  return (
    <Menu position="bottom-end" returnFocus>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" aria-label={`Actions for ${member.email}`}>
          <IconDots size={18} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconUserShield size={16} aria-hidden />} onClick={() => onChoose('ChangeRole')}>
          Change role
        </Menu.Item>
        {member.joinedAt && (
          <Menu.Item leftSection={<IconMailForward size={16} aria-hidden />} onClick={() => onChoose('InviteAgain')}>
            Invite again
          </Menu.Item>
        )}
        <Menu.Divider />
        <Menu.Item leftSection={<IconTrash size={16} color="var(--console-alert)" aria-hidden />} onClick={() => onChoose('RemoveMember')}>
          {member.joinedAt ? 'Remove' : 'Withdraw the invitation'}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
