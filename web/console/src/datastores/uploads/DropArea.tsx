import { type DragEvent, type ReactNode, useState } from 'react'
import { ProblemNote } from '../../ui/ProblemNote'
import { useAction } from '../../ui/useAction'
import { dropped, type Picked } from './dropped'
import classes from './uploads.module.css'

/** Takes files and folders that are dropped on what stands in it. Who has no mouse has `UploadButtons`. */
export function DropArea({ onPick, children }: { onPick: (picked: Picked[]) => void; children: ReactNode }) {
  const [isOver, setOver] = useState(false)
  const { run, problem } = useAction() // a folder may be unreadable

  const over = (event: DragEvent) => {
    if (!event.dataTransfer.types.includes('Files')) return
    event.preventDefault()
    setOver(true)
  }
  const leave = ({ currentTarget, relatedTarget }: DragEvent) => setOver(currentTarget.contains(relatedTarget as Node | null))
  const drop = (event: DragEvent) => {
    event.preventDefault()
    setOver(false)
    const { items } = event.dataTransfer
    void run(() => dropped(items).then(onPick))
  }

  return (
    <div
      className={classes.area}
      data-over={isOver || undefined}
      onDragEnter={over}
      onDragLeave={leave}
      onDragOver={over}
      onDrop={drop}
    >
      <ProblemNote problem={problem} />
      {children}
    </div>
  )
}
