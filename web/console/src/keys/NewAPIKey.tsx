import { Code, Text } from '@mantine/core'
import { useState } from 'react'
import { CreateAPIKeyDocument, type CreateAPIKeyInput } from '../generated'
import { Dialog } from '../ui/Dialog'
import { ShownOnce } from '../ui/ShownOnce'
import { useAction } from '../ui/useAction'
import { useSend } from '../ui/useSend'
import { APIKeyForm } from './APIKeyForm'

/** Makes an API key, and shows its token this once. */
export function NewAPIKey({ onClose }: { onClose: () => void }) {
  const send = useSend()
  const { run, isDoing, problem } = useAction()
  const [token, setToken] = useState<string>()
  const [name, setName] = useState('')

  const create = (input: CreateAPIKeyInput) =>
    void run(async () => {
      const { createAPIKey } = await send(CreateAPIKeyDocument, input)
      if (!createAPIKey?.token) throw new Error('An earlier try has made this key, and its token was lost on the way. Revoke it, and make another.')
      setName(input.name)
      setToken(createAPIKey.token)
    })

  if (token === undefined) {
    return (
      <Dialog onClose={onClose} title="New API key" size="lg">
        <APIKeyForm onSubmit={create} onCancel={onClose} isDoing={isDoing} problem={problem} />
      </Dialog>
    )
  }
  return (
    <Dialog onClose={onClose} title={`The API key ${name}`} size="lg" closesOnClickOutside={false}>
      <ShownOnce text={token} label="The key" advice="If it is lost, revoke it and make another." onClose={onClose}>
        <Text size="sm">
          Programs send it in the header <Code>X-API-Key</Code> to <Code className="breaks">{location.origin}/graphql</Code>.
        </Text>
      </ShownOnce>
    </Dialog>
  )
}
