import { Button, Code, Group, Radio, Stack, Text, TextInput } from '@mantine/core'
import { type FormEvent, useRef, useState } from 'react'
import { problemOf, problemOfField } from '../app/problem'
import { AddRuntimeKeyDocument } from '../generated'
import { Dialog } from '../ui/Dialog'
import { ProblemNote } from '../ui/ProblemNote'
import { ShownOnce } from '../ui/ShownOnce'
import { toast } from '../ui/toast'
import { useAction } from '../ui/useAction'
import { useSend } from '../ui/useSend'
import { makeKeyPair, privateText, publicText } from './keyPair'

/** Registers the public key of a runtime. A pair that is made here is shown this once; only its public half is sent. */
export function AddRuntimeKey({ onClose }: { onClose: () => void }) {
  const send = useSend()
  const { run, isDoing, problem } = useAction()
  const [privateKey, setPrivateKey] = useState<string>()
  const [name, setName] = useState('')
  const [isMadeHere, setMadeHere] = useState(true)
  const [pasted, setPasted] = useState('')
  const pair = useRef<CryptoKeyPair>(undefined)
  const ofName = problemOfField(problem, 'name')
  const ofKey = isMadeHere ? undefined : problemOfField(problem, 'publicKey')

  const addPasted = async () => {
    await send(AddRuntimeKeyDocument, { name, publicKey: pasted.trim() })
    toast(`The runtime key ${name} is added.`)
    onClose()
  }
  const addMade = async () => {
    const made = (pair.current ??= await makeKeyPair())
    await send(AddRuntimeKeyDocument, { name, publicKey: await publicText(made) }).catch((error: unknown) => {
      if (problemOf(error).code !== 'CONFLICT') throw error // else an earlier try has added it, whose answer was lost
    })
    setPrivateKey(await privateText(made))
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    void run(isMadeHere ? addMade : addPasted)
  }

  if (privateKey !== undefined) {
    return (
      <Dialog onClose={onClose} title={`The runtime key ${name}`} size="lg" closesOnClickOutside={false}>
        <ShownOnce
          text={privateKey}
          label="The private key"
          advice="If it is lost, remove the runtime key and add another."
          fileName="runtime.pem"
          onClose={onClose}
        >
          <Text size="sm">
            The runtime reads it from a file that nobody else can read: <Code className="breaks">--runtime-key-file runtime.pem</Code> of{' '}
            <Code>data-api exec</Code>, which takes the key’s id from the list as <Code className="breaks">--runtime-key-id</Code>.
          </Text>
        </ShownOnce>
      </Dialog>
    )
  }
  return (
    <Dialog onClose={onClose} title="Add runtime key" size="lg">
      <form onSubmit={submit} autoComplete="off">
        <Stack>
          <TextInput
            label="Name"
            description="Which runtime has the private key"
            required
            maxLength={120}
            data-autofocus
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            error={ofName}
          />
          <Radio.Group label="The key pair" value={isMadeHere ? 'here' : 'there'} onChange={(to) => setMadeHere(to === 'here')}>
            <Stack gap="xs" mt={4}>
              <Radio
                value="here"
                label="Make it here, in this browser"
                description="The private key is shown this once, for you to take to the runtime. It is not sent to the server."
              />
              <Radio value="there" label="It is made where the runtime is" description="Then the private key never leaves there." />
            </Stack>
          </Radio.Group>
          {!isMadeHere && (
            <>
              <Text size="sm">
                <Code>data-api runtime-key new runtime.pem</Code> makes a pair, keeps the private key in that file and prints the public key.
              </Text>
              <TextInput
                label="Public key"
                description="An X25519 key of 32 bytes, in base64"
                required
                spellCheck={false}
                value={pasted}
                onChange={(event) => setPasted(event.currentTarget.value)}
                error={ofKey}
              />
            </>
          )}
          {!ofName && !ofKey && <ProblemNote problem={problem} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={isDoing}>
              {isMadeHere ? 'Make and add' : 'Add'}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  )
}
