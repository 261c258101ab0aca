import { Radio, Stack } from '@mantine/core'
import type { Role } from '../generated'
import { roles } from './roles'

/** Asks for a role, and says what each may do. */
export function RoleField({ role, onChange }: { role: Role; onChange: (to: Role) => void }) {
  return (
    <Radio.Group label="Role" value={role} onChange={(to) => onChange(to as Role)}>
      <Stack gap="xs" mt={4}>
        {roles.map(({ role: value, label, sentence }) => (
          <Radio key={value} value={value} label={label} description={sentence} />
        ))}
      </Stack>
    </Radio.Group>
  )
}
