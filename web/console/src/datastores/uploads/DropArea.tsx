import { type DragEvent, type ReactNode, useRef, useState } from 'react'
import { ProblemNote } from '../../ui/ProblemNote'
import { useAction } from '../../ui/useAction'
import { dropped, type Picked } from './dropped'
import classes from './uploads.module.css'

/** Takes files and folders that are dropped on what stands in it. Who has no mouse has `UploadButtons`. */
export function DropArea({ onPick, children }: { onPick: (picked: Picked[]) => void; children: ReactNode }) {
  const [isOver, setOver] = useState(false)
  const { run, problem } = useAction() // a folder may be unreadable
  const depth = useRef(0) // of the elements inside, each of which is entered and left

  const hasFiles = (event: DragEvent) => event.dataTransfer.types.includes('Files')
  const move = (event: DragEvent, by: number) => {
    if (!hasFiles(event)) return
    event.preventDefault()
    depth.current += by
    setOver(depth.current > 0)
  }
  const drop = (event: DragEvent) => {
    event.preventDefault()
    depth.current = 0
    setOver(false)
    const { items } = event.dataTransfer
    void run(() => dropped(items).then(onPick))
  }

  return (
    <div
      className={classes.area}
      data-over={isOver || undefined}
      onDragEnter={(event) => move(event, 1)}
      onDragLeave={(event) => move(event, -1)}
      onDragOver={(event) => move(event, 0)}
      onDrop={drop}
    >
      <ProblemNote problem={problem} />
      {children}
    </div>
  )
}
