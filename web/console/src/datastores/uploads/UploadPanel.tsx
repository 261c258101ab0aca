import { ActionIcon, Button, Group, Paper, Progress, Text, VisuallyHidden } from '@mantine/core'
import { IconChevronDown, IconChevronUp, IconX } from '@tabler/icons-react'
import { useEffect, useId, useState } from 'react'
import { useStore } from '../../../../shared/store'
import { bytes } from '../../ui/bytes'
import { ExistingDialog } from './ExistingDialog'
import { isOpen, type UploadItem, type UploadQueue } from './queue'
import { UploadRow } from './UploadRow'
import classes from './uploads.module.css'

/** How many files the panel lists at most. Those that need somebody, or are under way, come first. */
const mostRows = 100

const order: Record<UploadItem['state'], number> = { failed: 0, exists: 1, sending: 2, waiting: 3, done: 4, skipped: 5, cancelled: 5 }

/** The uploads of this tab, in a corner of every page of the workspace. */
export function UploadPanel({ queue }: { queue: UploadQueue }) {
  const items = useStore(queue.items)
  const [isUnfolded, setUnfolded] = useState(true)
  const listId = useId()
  const isMoving = items.some(({ state }) => state === 'waiting' || state === 'sending' || state === 'exists')
  useWarning(isMoving)
  if (!items.length) return null

  const counted = items.filter(({ state }) => state !== 'skipped' && state !== 'cancelled')
  const done = counted.filter(({ state }) => state === 'done').length
  const failed = counted.filter(({ state }) => state === 'failed').length
  const size = sum(counted.map((item) => item.size))
  const sent = sum(counted.map((item) => item.sent))
  const percent = size ? Math.floor((100 * sent) / size) : done === counted.length ? 100 : 0
  const title = isMoving ? `Uploading ${done} of ${counted.length}` : failed ? `${failed} of ${counted.length} failed` : `${done} uploaded`

  return (
    <Paper component="section" aria-label="Uploads" className={classes.panel} withBorder shadow="lg" p="sm">
      <Group justify="space-between" wrap="nowrap" gap="xs">
        <Text fw={600}>{title}</Text>
        <Group gap={4} wrap="nowrap">
          {failed > 0 && (
            <Button size="compact-sm" variant="light" onClick={() => queue.retry()}>
              Retry failed
            </Button>
          )}
          {items.some(isOpen) && (
            <Button size="compact-sm" variant="default" onClick={() => queue.cancelAll()}>
              Cancel all
            </Button>
          )}
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={isUnfolded ? 'Fold the uploads' : 'Unfold the uploads'}
            aria-expanded={isUnfolded}
            aria-controls={listId}
            onClick={() => setUnfolded(!isUnfolded)}
          >
            {isUnfolded ? <IconChevronDown size={16} aria-hidden /> : <IconChevronUp size={16} aria-hidden />}
          </ActionIcon>
          {!items.some(isOpen) && (
            <ActionIcon variant="subtle" color="gray" aria-label="Close the uploads" onClick={() => queue.clear()}>
              <IconX size={16} aria-hidden />
            </ActionIcon>
          )}
        </Group>
      </Group>
      <Progress value={percent} mt="xs" aria-label="All uploads" color={failed ? 'red' : undefined} />
      <Text size="xs" c="var(--console-quiet)" mt={4}>
        {bytes(sent)} of {bytes(size)}
      </Text>
      {/* Said at each tenth, and not at each byte. */}
      <VisuallyHidden role="status">{isMoving ? `${title}, ${Math.floor(percent / 10) * 10} percent` : title}</VisuallyHidden>
      <ul id={listId} className={classes.list} hidden={!isUnfolded} tabIndex={0} aria-label="Files">
        {[...items]
          .sort((a, b) => order[a.state] - order[b.state])
          .slice(0, mostRows)
          .map((item) => (
            <UploadRow key={item.id} item={item} onCancel={() => queue.cancel(item.id)} onRetry={() => queue.retry(item.id)} />
          ))}
      </ul>
      <ExistingDialog items={items.filter(({ state }) => state === 'exists')} onAnswer={(existing) => queue.answer(existing)} />
    </Paper>
  )
}

const sum = (numbers: number[]) => numbers.reduce((a, b) => a + b, 0)

/** Lets the browser ask before the page is left: that ends what is under way. */
function useWarning(isMoving: boolean) {
  useEffect(() => {
    if (!isMoving) return
    const warn = (event: BeforeUnloadEvent) => event.preventDefault()
    addEventListener('beforeunload', warn)
    return () => removeEventListener('beforeunload', warn)
  }, [isMoving])
}
