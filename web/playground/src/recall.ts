/** Where ids stand in answers, and the placeholder of an example that each fills. */
const places: [placeholder: string, ...paths: string[]][] = [
  ['DATASTORE_ID', 'createDatastore.datastore.id', 'datastoreByName.id', 'datastores.nodes.0.id'],
  ['UPLOAD_ID', 'createUploadURL.upload.id'],
  ['DELETION_ID', 'deleteObjects.deletion.id', 'deleteDatastore.deletion.id'],
  ['SECRET_ID', 'createSecret.secret.id', 'secretByName.id', 'secrets.nodes.0.id'],
  ['AUDIT_EVENT_ID', 'revealSecret.auditEventId'],
  ['MEMBER_ID', 'setMemberRole.member.id', 'members.nodes.0.id'],
  ['RUNTIME_KEY_ID', 'addRuntimeKey.runtimeKey.id', 'runtimeKeys.nodes.0.id'],
  ['LEASE_ID', 'injectSecrets.leaseId'],
  ['API_KEY_ID', 'createAPIKey.apiKey.id', 'apiKeys.nodes.0.id'],
]

const known = new Map<string, string>()

/** Remembers the ids of an answer, in memory, so that the next example has them. Never a value, token or URL. */
export function learn(data: unknown): void {
  for (const [placeholder, ...paths] of places) {
    const id = paths.map((path) => at(data, path)).find((found) => typeof found === 'string')
    if (id !== undefined) known.set(placeholder, id as string)
  }
}

const at = (tree: unknown, path: string): unknown => path.split('.').reduce((here: any, name) => here?.[name], tree)

/** Puts what is known in place of its placeholders. */
export const recall = (variables: string): string => [...known].reduce((text, [placeholder, id]) => text.replaceAll(placeholder, id), variables)

/** Forgets every id: those of another workspace are none here. */
export const forget = () => known.clear()
