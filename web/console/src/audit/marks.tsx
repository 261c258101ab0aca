import { Badge, Group, Text } from '@mantine/core'
import { IconAlertTriangle, IconBan, IconCheck, IconFlag } from '@tabler/icons-react'
import type { Outcome, Risk } from '../generated'

/** The words for how much harm an action could do. */
export const riskWords: Record<Risk, string> = { LOW: 'Low risk', MEDIUM: 'Medium risk', HIGH: 'High risk' }

/** The words for how an attempt ended. */
export const outcomeWords: Record<Outcome, string> = { ALLOWED: 'Done', DENIED: 'Refused', FAILED: 'Failed' }

/** How much harm an action could do. What deserves a look stands out. */
export function RiskMark({ risk }: { risk: Risk }) {
  if (risk !== 'HIGH') return <Quiet>{riskWords[risk]}</Quiet>
  return <Mark Icon={IconFlag} text={riskWords[risk]} />
}

/** How an attempt ended. What was not done stands out. */
export function OutcomeMark({ outcome }: { outcome: Outcome }) {
  if (outcome === 'ALLOWED') {
    return (
      <Group gap={4} wrap="nowrap" component="span">
        <IconCheck size={14} color="var(--console-accent)" aria-hidden />
        <Quiet>{outcomeWords[outcome]}</Quiet>
      </Group>
    )
  }
  return <Mark Icon={outcome === 'DENIED' ? IconBan : IconAlertTriangle} text={outcomeWords[outcome]} />
}

function Quiet({ children }: { children: string }) {
  return (
    <Text inherit span c="var(--console-quiet)" style={{ whiteSpace: 'nowrap' }}>
      {children}
    </Text>
  )
}

function Mark({ Icon, text }: { Icon: typeof IconFlag; text: string }) {
  return (
    <Badge miw="max-content" tt="none" fw={600} variant="default" leftSection={<Icon size={12} color="var(--console-alert)" aria-hidden />}>
      {text}
    </Badge>
  )
}
