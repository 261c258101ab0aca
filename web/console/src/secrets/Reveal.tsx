import { Alert, Button, Group, NativeSelect, Stack, Text, Textarea } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { type FormEvent, useState } from 'react'
import { problemOfField } from '../app/problem'
import { useHere } from '../app/Workspace'
import { RevealSecretDocument, type SecretDetailsFragment } from '../generated'
import { Dialog } from '../ui/Dialog'
import { ProblemNote } from '../ui/ProblemNote'
import { useAction } from '../ui/useAction'
import { RevealedValue } from './RevealedValue'
import { useRevealed } from './useRevealed'
import { useVersions } from './useVersions'

/** Shows a value for half a minute, once it is on record who asks and why. It is in this dialog's memory alone. */
export function Reveal({ secret, version, onClose }: { secret: SecretDetailsFragment; version?: number | undefined; onClose: () => void }) {
  const { clients, workspace } = useHere()
  const { run, isDoing, problem } = useAction()
  const { shown, left, hiddenBecause, show, hide } = useRevealed()
  const versions = useVersions(secret.id).rows?.filter(({ state }) => state !== 'DESTROYED')
  const [chosen, setChosen] = useState(version ?? secret.currentVersion)
  const [field, setField] = useState('')
  const [reason, setReason] = useState('')
  const isJSON = secret.format === 'JSON' && secret.fields.length > 0
  const ofReason = problemOfField(problem, 'reason')

  const submit = (event: FormEvent) => {
    event.preventDefault()
    void run(async () => {
      const input = { secretId: secret.id, version: chosen, field: field || null, reason: reason.trim() || null }
      const { data } = await clients.apollo.mutate({ mutation: RevealSecretDocument, variables: { input }, fetchPolicy: 'no-cache' })
      const { version: number, value, base64 } = data!.revealSecret!
      show({ version: number, value: value ?? base64 ?? '', isBase64: value === null })
      void clients.apollo.refetchQueries({ include: ['Secret'] }).catch(() => undefined)
    })
  }

  return (
    <Dialog onClose={onClose} title={`Reveal ${secret.name}`} size="lg">
      <Stack>
        {shown ? (
          <RevealedValue shown={shown} field={field} left={left} onHide={() => hide('The value is hidden again.')} />
        ) : (
          <form onSubmit={submit} autoComplete="off">
            <Stack>
              <Alert color="orange" variant="light" icon={<IconAlertTriangle aria-hidden />} title="This goes on record">
                <Text size="sm">
                  The audit log will say that you asked, when, from which address, and why; nothing takes that back. The value is shown for 30 seconds,
                  and hidden as soon as you go to another window.
                </Text>
              </Alert>
              {versions && versions.length > 1 && (
                <NativeSelect
                  label="Version"
                  data={versions.map(({ version: number, state }) => ({
                    value: String(number),
                    label: state === 'CURRENT' ? `${number}, the current one` : String(number),
                  }))}
                  value={String(chosen)}
                  onChange={(event) => setChosen(Number(event.currentTarget.value))}
                  error={problemOfField(problem, 'version')}
                />
              )}
              {isJSON && (
                <NativeSelect
                  label="What of it"
                  data={[{ value: '', label: 'The whole object' }, ...secret.fields.map((name) => ({ value: name, label: `The field ${name}` }))]}
                  value={field}
                  onChange={(event) => setField(event.currentTarget.value)}
                  error={problemOfField(problem, 'field')}
                />
              )}
              <Textarea
                label="Reason"
                description={workspace.requireRevealReason ? 'This workspace asks for one.' : 'For whoever reads the audit log.'}
                required={workspace.requireRevealReason}
                rows={2}
                maxLength={1000}
                data-autofocus
                value={reason}
                onChange={(event) => setReason(event.currentTarget.value)}
                error={ofReason}
              />
              {!ofReason && <ProblemNote problem={problem} />}
              <Text size="sm" role="status" c="var(--console-quiet)">
                {hiddenBecause}
              </Text>
              <Group justify="flex-end">
                <Button variant="default" onClick={onClose}>
                  {hiddenBecause ? 'Close' : 'Cancel'}
                </Button>
                <Button type="submit" loading={isDoing} autoFocus={hiddenBecause !== undefined}>
                  {hiddenBecause ? 'Reveal again' : 'Reveal'}
                </Button>
              </Group>
            </Stack>
          </form>
        )}
      </Stack>
    </Dialog>
  )
}
