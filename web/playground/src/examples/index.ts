import { anything } from './anything'
import { audit } from './audit'
import { datastores } from './datastores'
import { deletions } from './deletions'
import type { Example, Group } from './example'
import { files } from './files'
import { injection } from './injection'
import { keys } from './keys'
import { references } from './references'
import { secrets } from './secrets'
import { trusted } from './trusted'
import { uploads } from './uploads'
import { workspace } from './workspace'
import { you } from './you'

export type { Example, Group }

/** The nouns of the API, in the order in which the panels list them. */
export const groups: Group[] = [
  you,
  datastores,
  uploads,
  files,
  deletions,
  secrets,
  references,
  injection,
  keys,
  workspace,
  trusted,
  audit,
  anything,
]

/** What the page opens with. */
export const first: Example = you.examples[0]!
