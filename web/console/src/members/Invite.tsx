import { Button, Group, Stack, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { problemOfField } from '../app/problem'
import { type MemberRowFragment, type Role, SetMemberRoleDocument } from '../generated'
import { Dialog } from '../ui/Dialog'
import { ProblemNote } from '../ui/ProblemNote'
import { toast } from '../ui/toast'
import { useAction } from '../ui/useAction'
import { useSend } from '../ui/useSend'
import { RoleField } from './RoleField'
import { roleLabel } from './roles'

/** Invites somebody by email address. `known` are the members that the page shows: their roles are changed elsewhere. */
export function Invite({ known, onClose }: { known: MemberRowFragment[]; onClose: () => void }) {
  const send = useSend()
  const { run, isDoing, problem } = useAction()
  const [email, setEmail] = useState('')
  const [role, setRole] = useState<Role>('VIEWER')
  const address = email.trim()
  const isKnown = known.some((member) => member.email === address.toLowerCase())
  const ofEmail = isKnown ? 'They are in the list already: change their role there.' : problemOfField(problem, 'email')

  const submit = (event: FormEvent) => {
    event.preventDefault()
    void run(async () => {
      // The same call changes a member: one whom the page does not show loses no key by it.
      const { setMemberRole } = await send(SetMemberRoleDocument, { email: address, role, keepKeys: true })
      const { member } = setMemberRole!
      toast(member.joinedAt ? `${member.email} was a member already, and is ${roleLabel(role)} now.` : `${member.email} is invited.`)
      onClose()
    })
  }

  return (
    <Dialog onClose={onClose} title="Invite somebody">
      <form onSubmit={submit}>
        <Stack>
          <TextInput
            label="Email address"
            description="Whoever signs in with it, verified, joins. No message is sent: tell them where to sign in."
            type="email"
            required
            data-autofocus
            value={email}
            onChange={(event) => setEmail(event.currentTarget.value)}
            error={ofEmail}
          />
          <RoleField role={role} onChange={setRole} />
          {!ofEmail && <ProblemNote problem={problem} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={isDoing} disabled={isKnown}>
              Invite
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  )
}
