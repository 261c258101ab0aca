import { Button, Group, Stack } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { type MemberRowFragment, SetMemberRoleDocument } from '../generated'
import { Dialog } from '../ui/Dialog'
import { ProblemNote } from '../ui/ProblemNote'
import { toast } from '../ui/toast'
import { useAction } from '../ui/useAction'
import { useSend } from '../ui/useSend'
import { EndingKeys, endedWords } from './EndingKeys'
import { RoleField } from './RoleField'
import { isLower, roleLabel } from './roles'
import { useCreatedKeys } from './useCreatedKeys'

/** Gives a member another role. With a lower one, keys that reach beyond it end, unless they are kept. */
export function ChangeRole({ member, onClose }: { member: MemberRowFragment; onClose: () => void }) {
  const send = useSend()
  const { run, isDoing, problem } = useAction()
  const [role, setRole] = useState(member.role)
  const [keepKeys, setKeepKeys] = useState(false)
  const keys = useCreatedKeys(member.id, role)

  const submit = (event: FormEvent) => {
    event.preventDefault()
    void run(async () => {
      const { setMemberRole } = await send(SetMemberRoleDocument, { email: member.email, role, keepKeys })
      toast(`${member.email} is ${roleLabel(role)} now.${endedWords(setMemberRole!)}`)
      onClose()
    })
  }

  return (
    <Dialog onClose={onClose} title={`Role of ${member.email}`}>
      <form onSubmit={submit}>
        <Stack>
          <RoleField role={role} onChange={setRole} />
          {isLower(role, member.role) && <EndingKeys keys={keys} role={role} isKept={keepKeys} onKeep={setKeepKeys} />}
          <ProblemNote problem={problem} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={isDoing} disabled={role === member.role || keys.isLoading}>
              Change role
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  )
}
