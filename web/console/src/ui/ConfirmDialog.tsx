import { Button, Group, Stack } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import { type Problem, problemOf } from '../app/problem'
import { Dialog } from './Dialog'
import { ProblemNote } from './ProblemNote'

/** Asks before something that takes effect at once. `onConfirm` does it; what goes wrong is said here, and the dialog stays. */
export function ConfirmDialog({
  title,
  action,
  opened,
  onClose,
  onConfirm,
  children,
  isDisabled = false,
  isDestructive = true,
  explain,
}: {
  title: string
  /** What the button says: the verb, never "OK". */
  action: string
  opened: boolean
  onClose: () => void
  onConfirm: () => Promise<unknown>
  children?: ReactNode
  isDisabled?: boolean
  /** Whether something is lost by it: the button is red. */
  isDestructive?: boolean
  /** What more is to be said of a problem, for example who uses a secret that is IN_USE. */
  explain?: (problem: Problem) => ReactNode
}) {
  const [problem, setProblem] = useState<Problem>()
  const [isDoing, setDoing] = useState(false)
  const close = () => {
    setProblem(undefined)
    onClose()
  }
  const confirm = async () => {
    setDoing(true)
    setProblem(undefined)
    try {
      await onConfirm()
      close()
    } catch (error) {
      setProblem(problemOf(error))
    } finally {
      setDoing(false)
    }
  }
  if (!opened) return null
  return (
    <Dialog onClose={close} title={title}>
      <Stack>
        {children}
        <ProblemNote problem={problem} />
        {problem && explain?.(problem)}
        <Group justify="flex-end">
          <Button variant="default" onClick={close} data-autofocus>
            Cancel
          </Button>
          <Button {...(isDestructive && { color: 'red' })} onClick={() => void confirm()} loading={isDoing} disabled={isDisabled}>
            {action}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  )
}
