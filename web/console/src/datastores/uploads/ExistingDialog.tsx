import { Button, Group, Modal, Radio, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import type { Existing, UploadItem } from './queue'

/** Asks once what happens to the files of an upload that the datastore has already. */
export function ExistingDialog({ items, onAnswer }: { items: readonly UploadItem[]; onAnswer: (existing: Existing) => void }) {
  const [existing, setExisting] = useState<Existing>('replace')
  const first = items[0]
  return (
    <Modal opened={items.length > 0} onClose={() => onAnswer('skip')} title="Some files are there already" centered>
      <Stack>
        <Text className="breaks">
          {items.length === 1 ? `${first?.key} is` : `${first?.key} and ${items.length - 1} more are`} in the datastore already. The answer holds for all
          files that you chose together.
        </Text>
        <Radio.Group label="What happens to them?" value={existing} onChange={(value) => setExisting(value as Existing)}>
          <Stack gap="xs" mt="xs">
            <Radio value="replace" label="Replace, as a new version" data-autofocus />
            <Radio value="rename" label="Keep both: the new file gets another name" />
            <Radio value="skip" label="Skip them" />
          </Stack>
        </Radio.Group>
        <Group justify="flex-end">
          <Button onClick={() => onAnswer(existing)}>Go on</Button>
        </Group>
      </Stack>
    </Modal>
  )
}
