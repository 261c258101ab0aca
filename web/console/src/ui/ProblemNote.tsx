import { Alert, Button, Group, Text } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { isOf, type Problem } from '../app/problem'

const titles: Partial<Record<Problem['code'], string>> = {
  FORBIDDEN: 'You may not do this',
  NOT_FOUND: 'It is not there any more',
  CONFLICT: 'Something has changed meanwhile',
  IN_USE: 'It is in use',
  QUOTA_EXCEEDED: 'There is no room for it',
  RATE_LIMITED: 'Too many requests',
  UNAVAILABLE: 'The server cannot do it now',
  UNREACHABLE: 'No answer',
  INTERNAL: 'A fault of the server',
}

interface Props {
  problem: Problem | undefined
  onRetry?: () => void
  /** The inputs that say themselves what is wrong with them. */
  inputs?: readonly string[]
}

/** What went wrong, in the server's words, and what can be done. Screen readers say it at once. */
export function ProblemNote({ problem, onRetry, inputs = [] }: Props) {
  if (!problem || inputs.some((input) => isOf(problem, input))) return null
  const { requestId } = problem.extensions ?? {}
  return (
    <Alert color="red" variant="light" role="alert" icon={<IconAlertTriangle aria-hidden />} title={titles[problem.code] ?? 'That did not work'}>
      <Text size="sm" className="breaks">
        {problem.message}
        {problem.retryAfterSeconds !== undefined && ` Try again in ${Math.ceil(problem.retryAfterSeconds)} s.`}
        {typeof requestId === 'string' && ` The log has it as request ${requestId}.`}
      </Text>
      {onRetry && (
        <Group mt="xs">
          <Button size="xs" variant="default" onClick={onRetry}>
            Try again
          </Button>
        </Group>
      )}
    </Alert>
  )
}
