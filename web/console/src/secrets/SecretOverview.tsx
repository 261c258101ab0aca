import { Alert, Code, Group, Stack, Text } from '@mantine/core'
import { IconAlertTriangle, IconTrash } from '@tabler/icons-react'
import type { ScheduleFragment, SecretDetailsFragment } from '../generated'
import { Copyable } from '../ui/Copyable'
import { Facts } from '../ui/Facts'
import { Labels } from '../ui/Labels'
import { When } from '../ui/When'
import { Rotation } from './Rotation'
import { alphabets } from './schedule'
import { formats } from './SecretTable'

/** What is known of a secret beside its value. */
export function SecretOverview({ secret }: { secret: SecretDetailsFragment }) {
  const { id, labels, format, fields, rotation, purgeAt } = secret
  return (
    <Stack>
      {purgeAt && (
        <Alert color="gray" variant="light" icon={<IconTrash aria-hidden />} title="This secret is deleted">
          <Text size="sm">
            No run gets it, and nobody can reveal it. It can be restored until{' '}
            {new Date(purgeAt).toLocaleString('en-GB', { dateStyle: 'long', timeStyle: 'short' })}; then it is destroyed for good.
          </Text>
        </Alert>
      )}
      {rotation?.lastError && (
        <Alert color="orange" variant="light" icon={<IconAlertTriangle aria-hidden />} title="The last rotation by the server failed">
          <Text size="sm" className="breaks">
            {rotation.lastError} The server tries again by itself.
          </Text>
        </Alert>
      )}
      <Facts
        facts={{
          Labels: labels.length > 0 ? <Labels labels={labels} list="secrets" /> : undefined,
          Format: formats[format],
          Fields: format === 'JSON' && fields.length > 0 ? <FieldNames fields={fields} /> : undefined,
          Rotation: purgeAt ? undefined : <Rotation schedule={rotation} />,
          'Rotated by': rotation && !purgeAt ? byWhom(rotation) : undefined,
          'Last rotated': <When time={secret.rotatedAt} />,
          'Last used by a run': secret.lastInjectedAt ? <When time={secret.lastInjectedAt} /> : 'Never',
          'Last revealed': secret.lastRevealedAt ? <When time={secret.lastRevealedAt} /> : 'Never',
          Created: (
            <>
              <When time={secret.createdAt} /> by {secret.createdBy.label}
            </>
          ),
          Id: <Copyable text={id} label="Copy the id" />,
        }}
      />
    </Stack>
  )
}

const byWhom = ({ generator }: ScheduleFragment) =>
  generator ? `The server: ${generator.length} ${alphabets[generator.alphabet]}` : 'People'

function FieldNames({ fields }: { fields: string[] }) {
  return (
    <Group gap={6}>
      {fields.map((name) => (
        <Code key={name} className="breaks">
          {name}
        </Code>
      ))}
    </Group>
  )
}
