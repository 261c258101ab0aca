import { Button, FileButton, Menu } from '@mantine/core'
import { IconFile, IconFolder, IconUpload } from '@tabler/icons-react'
import { useRef } from 'react'
import { chosen, type Picked } from './dropped'

/** Lets an input choose a folder: React's types do not know it. */
const whole = { webkitdirectory: '' }

/** Chooses files, or a folder, to upload. */
export function UploadButtons({ onPick }: { onPick: (picked: Picked[]) => void }) {
  const forgetFiles = useRef<() => void>(null)
  const forgetFolder = useRef<() => void>(null)
  const pick = (files: File[]) => {
    onPick(chosen(files))
    forgetFiles.current?.() // so that the same file can be chosen again
    forgetFolder.current?.()
  }

  return (
    <FileButton multiple onChange={pick} resetRef={forgetFiles} inputProps={{ 'aria-label': 'Files to upload', tabIndex: -1 }}>
      {({ onClick: chooseFiles }) => (
        <FileButton
          multiple
          onChange={pick}
          resetRef={forgetFolder}
          inputProps={{ 'aria-label': 'Folder to upload', tabIndex: -1, ...whole }}
        >
          {({ onClick: chooseFolder }) => (
            <Menu position="bottom-end">
              <Menu.Target>
                <Button leftSection={<IconUpload size={16} aria-hidden />}>Upload</Button>
              </Menu.Target>
              <Menu.Dropdown>
                <Menu.Item leftSection={<IconFile size={16} aria-hidden />} onClick={chooseFiles}>
                  Files
                </Menu.Item>
                <Menu.Item leftSection={<IconFolder size={16} aria-hidden />} onClick={chooseFolder}>
                  A folder
                </Menu.Item>
              </Menu.Dropdown>
            </Menu>
          )}
        </FileButton>
      )}
    </FileButton>
  )
}
