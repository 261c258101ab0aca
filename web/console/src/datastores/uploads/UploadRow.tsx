import { ActionIcon, Group, Progress, Text } from '@mantine/core'
import { IconRefresh, IconX } from '@tabler/icons-react'
import { bytes } from '../../ui/bytes'
import { isOpen, type UploadItem } from './queue'
import classes from './uploads.module.css'

const words: Record<UploadItem['state'], string> = {
  waiting: 'waiting',
  sending: '',
  exists: 'is there already',
  done: 'uploaded',
  skipped: 'skipped',
  cancelled: 'cancelled',
  failed: 'failed',
}

/** One file of the panel. */
export function UploadRow({ item, onCancel, onRetry }: { item: UploadItem; onCancel: () => void; onRetry: () => void }) {
  const { key, state, sent, size, problem } = item
  const percent = size ? Math.floor((100 * sent) / size) : 0
  return (
    <li>
      <Group gap={4} wrap="nowrap" mih={28}>
        <Text size="sm" className={classes.name} title={key}>
          {key}
        </Text>
        <Text size="xs" c={state === 'failed' ? 'var(--mantine-color-error)' : 'var(--console-quiet)'} style={{ whiteSpace: 'nowrap' }}>
          {state === 'sending' ? `${percent}% of ${bytes(size)}` : words[state]}
        </Text>
        {state === 'failed' && (
          <ActionIcon variant="subtle" color="gray" aria-label={`Retry ${key}`} onClick={onRetry}>
            <IconRefresh size={16} aria-hidden />
          </ActionIcon>
        )}
        {isOpen(item) && (
          <ActionIcon variant="subtle" color="gray" aria-label={`Cancel ${key}`} onClick={onCancel}>
            <IconX size={16} aria-hidden />
          </ActionIcon>
        )}
      </Group>
      {state === 'sending' && <Progress size="xs" value={percent} aria-label={key} />}
      {problem && (
        <Text size="xs" className="breaks">
          {problem.message}
        </Text>
      )}
    </li>
  )
}
