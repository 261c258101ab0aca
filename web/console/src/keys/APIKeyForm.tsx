import { Button, Checkbox, Group, NativeSelect, Stack, TagsInput, Text, TextInput } from '@mantine/core'
import { type FormEvent, useMemo, useState } from 'react'
import { type Problem, problemOfField } from '../app/problem'
import type { CreateAPIKeyInput, Scope } from '../generated'
import { ProblemNote } from '../ui/ProblemNote'
import { useIdempotencyKey } from '../ui/useIdempotencyKey'
import { expiryOf, type Term, terms } from './expiry'
import { scopeGroups, spelled } from './scopes'

const inputs = ['name', 'scopes', 'allowedNetworks', 'expiresAt']

/** What a new API key is for, what it may do, from where, and for how long. */
export function APIKeyForm({
  onSubmit,
  onCancel,
  isDoing,
  problem,
}: {
  onSubmit: (input: CreateAPIKeyInput) => void
  onCancel: () => void
  isDoing: boolean
  problem: Problem | undefined
}) {
  const [name, setName] = useState('')
  const [scopes, setScopes] = useState<Scope[]>([])
  const [term, setTerm] = useState<Term>('90')
  const [day, setDay] = useState('')
  const [allowedNetworks, setNetworks] = useState<string[]>([])
  const [trustedDocumentsOnly, setTrusted] = useState(false)
  const idempotencyKey = useIdempotencyKey(name, scopes, term, day, allowedNetworks, trustedDocumentsOnly)
  const madeAt = useMemo(() => Date.now(), [idempotencyKey]) // sent again, the input must be the same
  const ofExpiry = problemOfField(problem, 'expiresAt')

  const submit = (event: FormEvent) => {
    event.preventDefault()
    onSubmit({ name, scopes, allowedNetworks, trustedDocumentsOnly, expiresAt: expiryOf(term, day, madeAt), idempotencyKey })
  }

  return (
    <form onSubmit={submit} autoComplete="off">
      <Stack>
        <TextInput
          label="Name"
          description="What it is for, so that whoever finds it in the list knows whether it is still needed"
          required
          maxLength={120}
          data-autofocus
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          error={problemOfField(problem, 'name')}
        />
        <Checkbox.Group
          label="What it may do"
          description="Give it what it needs and no more. No key manages members, keys or settings."
          required
          value={scopes}
          onChange={(to) => setScopes(to as Scope[])}
          error={problemOfField(problem, 'scopes')}
        >
          <Stack gap="sm" mt="xs">
            {scopeGroups.map(({ label, scopes: inGroup }) => (
              <Stack key={label} gap={6}>
                <Text size="sm" fw={600} c="var(--console-quiet)">
                  {label}
                </Text>
                {inGroup.map(([scope, sentence]) => (
                  <Checkbox key={scope} value={scope} label={spelled(scope)} description={sentence} />
                ))}
              </Stack>
            ))}
          </Stack>
        </Checkbox.Group>
        <Group align="start" grow preventGrowOverflow={false}>
          <NativeSelect
            label="Expires"
            data={terms}
            value={term}
            onChange={(event) => setTerm(event.currentTarget.value as Term)}
            error={term === 'day' ? undefined : ofExpiry}
          />
          {term === 'day' && (
            <TextInput
              label="At the end of"
              type="date"
              required
              value={day}
              onChange={(event) => setDay(event.currentTarget.value)}
              error={ofExpiry}
            />
          )}
        </Group>
        <TagsInput
          label="Networks it may be used from"
          description="In CIDR, for example 192.0.2.0/24. Empty for anywhere. Press Enter after each."
          maxTags={50}
          value={allowedNetworks}
          onChange={setNetworks}
          error={problemOfField(problem, 'allowedNetworks')}
        />
        <Checkbox
          label="Trusted documents only"
          description="It may send only GraphQL documents that the workspace or the deployment lists, and no REST."
          checked={trustedDocumentsOnly}
          onChange={(event) => setTrusted(event.currentTarget.checked)}
        />
        <ProblemNote problem={problem} inputs={inputs} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onCancel}>
            Cancel
          </Button>
          <Button type="submit" loading={isDoing} disabled={scopes.length === 0}>
            Create
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
