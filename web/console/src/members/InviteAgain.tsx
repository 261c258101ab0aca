import { Text } from '@mantine/core'
import { type MemberRowFragment, SetMemberRoleDocument } from '../generated'
import { ConfirmDialog } from '../ui/ConfirmDialog'
import { toast } from '../ui/toast'
import { useSend } from '../ui/useSend'

/** Unbinds a member from the account that joined, so that a new one with the same address can. */
export function InviteAgain({ member, onClose }: { member: MemberRowFragment; onClose: () => void }) {
  const send = useSend()
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title={`Invite ${member.email} again?`}
      action="Invite again"
      onConfirm={async () => {
        await send(SetMemberRoleDocument, { email: member.email, role: member.role, inviteAgain: true })
        toast(`${member.email} is invited again.`)
      }}
    >
      <Text size="sm">
        This is for somebody who has a new account at the identity provider. The account that joined is let in no more, at once. Whoever signs in next with
        this address, verified, takes its place, with the same role and keys.
      </Text>
    </ConfirmDialog>
  )
}
