import { administration } from './administration'
import { datastores } from './datastores'
import type { Example, Group } from './example'
import { runs } from './runs'
import { secrets } from './secrets'
import { you } from './you'

export type { Example, Group }

export const groups: Group[] = [you, datastores, secrets, runs, administration]

/** What the page opens with. */
export const first: Example = you.examples[0]!
