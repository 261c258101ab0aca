import { Badge, Group } from '@mantine/core'
import { Link, useParams } from '@tanstack/react-router'
import type { LabelInput } from '../generated'
import { labelText } from './label'

/** The labels of a thing. Each leads to what else in the list has it. */
export function Labels({ labels, list }: { labels: LabelInput[]; list: 'datastores' | 'secrets' }) {
  const { workspaceId } = useParams({ from: '/w/$workspaceId' })
  return (
    <Group gap={6} component="ul" className="labels" aria-label="Labels">
      {labels.map((label) => {
        const text = labelText(label)
        return (
          <li key={label.key}>
            <Badge
              tt="none"
              fw={500}
              variant="default"
              className="label"
              renderRoot={(props) => <Link to={`/w/$workspaceId/${list}`} params={{ workspaceId }} search={{ labels: [text] }} {...props} />}
            >
              {text}
            </Badge>
          </li>
        )
      })}
    </Group>
  )
}
