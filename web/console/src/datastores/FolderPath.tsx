import { Anchor, Breadcrumbs, Text } from '@mantine/core'
import { Link, useParams } from '@tanstack/react-router'

const from = '/w/$workspaceId/datastores/$datastoreId'

/** The folders down to one, each a link but for the last. */
export function FolderPath({ folder }: { folder: string }) {
  const params = useParams({ from })
  const parts = folder.split('/').slice(0, -1)
  const folders = ['', ...parts.map((_, i) => parts.slice(0, i + 1).join('/') + '/')]
  return (
    <Breadcrumbs component="nav" aria-label="Folder" style={{ flexWrap: 'wrap' }}>
      {folders.map((path, i) => {
        const name = i === 0 ? 'All files' : parts[i - 1] || '(no name)'
        return path === folder ? (
          <Text key={path} aria-current="location" fw={600} className="breaks">
            {name}
          </Text>
        ) : (
          <Anchor
            key={path}
            className="breaks"
            renderRoot={(props) => (
              <Link to={from} params={params} search={{ folder: path || undefined }} activeOptions={{ exact: true }} {...props} />
            )}
          >
            {name}
          </Anchor>
        )
      })}
    </Breadcrumbs>
  )
}
