import { Text } from '@mantine/core'
import { useState } from 'react'
import { type MemberRowFragment, RemoveMemberDocument } from '../generated'
import { ConfirmDialog } from '../ui/ConfirmDialog'
import { toast } from '../ui/toast'
import { useSend } from '../ui/useSend'
import { EndingKeys, endedWords } from './EndingKeys'
import { useCreatedKeys } from './useCreatedKeys'

/** Removes a member, or withdraws an invitation. Says first which keys end with it. */
export function RemoveMember({ member, onClose }: { member: MemberRowFragment; onClose: () => void }) {
  const send = useSend()
  const [keepKeys, setKeepKeys] = useState(false)
  const keys = useCreatedKeys(member.id)
  const { email, joinedAt } = member
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title={joinedAt ? `Remove ${email}?` : `Withdraw the invitation of ${email}?`}
      action={joinedAt ? 'Remove' : 'Withdraw'}
      isDisabled={keys.isLoading}
      onConfirm={async () => {
        const { removeMember } = await send(RemoveMemberDocument, { memberId: member.id, keepKeys })
        toast(`${joinedAt ? `${email} is removed.` : `The invitation of ${email} is withdrawn.`}${endedWords(removeMember!)}`)
      }}
    >
      <Text size="sm">
        {joinedAt ? 'They can do nothing in this workspace any more, at once. What they made stays.' : 'Nobody can join by it any more. You can invite them again.'}
      </Text>
      <EndingKeys keys={keys} isKept={keepKeys} onKeep={setKeepKeys} />
    </ConfirmDialog>
  )
}
