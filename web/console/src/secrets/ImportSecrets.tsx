import { Button, Group, Stack, Text, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { Dialog } from '../ui/Dialog'
import { ProblemNote } from '../ui/ProblemNote'
import { useAction } from '../ui/useAction'
import { HiddenText } from './HiddenText'
import { ImportPreview } from './ImportPreview'
import { useImport } from './useImport'

/** Data → Secrets → Import: as many secrets as a pasted text names, after a preview. */
export function ImportSecrets({ onClose }: { onClose: () => void }) {
  const { rows, isDoing, preview, start, forget } = useImport()
  const { run, isDoing: isReading, problem } = useAction()
  const [text, setText] = useState('')
  const [prefix, setPrefix] = useState('')

  const submit = (event: FormEvent) => {
    event.preventDefault()
    void run(() => preview(text, prefix))
  }
  const begin = () => {
    setText('') // the rows have what is needed of it
    void start()
  }

  return (
    <Dialog onClose={onClose} title="Import secrets" size="xl">
      {rows ? (
        <ImportPreview rows={rows} isDoing={isDoing} onStart={begin} onBack={text === '' ? undefined : forget} onClose={onClose} />
      ) : (
        <form onSubmit={submit} autoComplete="off">
          <Stack>
            <HiddenText
              label="What to import"
              description="A .env file, or a JSON object of texts. Each line or field becomes a secret. Variables in values are not put in."
              value={text}
              onChange={setText}
              rows={10}
              isFirst
            />
            <TextInput
              label="Prefix of the names"
              description="For example prod/ for prod/API_KEY"
              maxLength={100}
              value={prefix}
              onChange={(event) => setPrefix(event.currentTarget.value)}
            />
            <ProblemNote problem={problem} />
            <Text size="sm" c="var(--console-quiet)">
              Nothing is created yet: the next step shows what would be.
            </Text>
            <Group justify="flex-end">
              <Button variant="default" onClick={onClose}>
                Cancel
              </Button>
              <Button type="submit" loading={isReading}>
                Preview
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </Dialog>
  )
}
