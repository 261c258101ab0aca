import { useMutation } from '@apollo/client/react'
import { Button, Group, SegmentedControl, Stack, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { DownloadURLDocument, type VersionRowFragment } from '../../generated'
import { CopyButton } from '../../ui/CopyButton'
import { Dialog } from '../../ui/Dialog'
import { ProblemNote } from '../../ui/ProblemNote'
import { useAction } from '../../ui/useAction'
import type { Place } from './place'

const durations = [
  { value: 'PT15M', label: '15 minutes' },
  { value: 'PT1H', label: '1 hour' },
  { value: 'P1D', label: '1 day' },
]

/** Makes a link to one version, for somebody who does not sign in. The link is in this dialog's memory alone. */
export function LinkDialog({ place, version, onClose }: { place: Place; version: VersionRowFragment; onClose: () => void }) {
  const [expiresIn, setExpiresIn] = useState('PT15M')
  const [create, { data }] = useMutation(DownloadURLDocument, { fetchPolicy: 'no-cache' })
  const { run, isDoing, problem } = useAction()
  const link = data?.createDownloadURL
  const make = () => run(() => create({ variables: { input: { ...place, version: version.version, expiresIn } } }))

  return (
    <Dialog onClose={onClose} title={`Link to version ${version.version}`}>
      <Stack>
        {link ? (
          <>
            <TextInput label="Link" readOnly value={link.url} data-autofocus onFocus={(event) => event.currentTarget.select()} />
            <Text size="sm">
              Whoever has this link can read the file until {new Date(link.expiresAt).toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'short' })},
              without signing in.
            </Text>
          </>
        ) : (
          <>
            <SegmentedControl aria-label="How long it works" data={durations} value={expiresIn} onChange={setExpiresIn} fullWidth />
            <Text size="sm">Whoever has the link can read the file for that time, without signing in. It cannot be withdrawn.</Text>
          </>
        )}
        <ProblemNote problem={problem} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {link ? 'Close' : 'Cancel'}
          </Button>
          {link ? (
            <CopyButton value={link.url} label="Copy" />
          ) : (
            <Button loading={isDoing} onClick={() => void make()}>
              Make the link
            </Button>
          )}
        </Group>
      </Stack>
    </Dialog>
  )
}
