import { type Console, expect, inAcme, run } from './console'
import { cached } from './memory'

/** Creates a secret in acme as its admin, and returns its id. */
export async function create(input: { name: string; value: object; rotation?: object; description?: string; labels?: object[] }): Promise<string> {
  const { createSecret } = await run<{ createSecret: { secret: { id: string } } }>(
    'mutation ($input: CreateSecretInput!) { createSecret(input: $input) { secret { id } } }',
    { input },
    await inAcme(),
  )
  return createSecret.secret.id
}

/** Gives a secret of acme another value, as its admin. */
export const rotate = async (secretId: string, value: string) =>
  run('mutation ($input: RotateSecretInput!) { rotateSecret(input: $input) { version { version } } }', { input: { secretId, value: { text: value } } }, await inAcme())

/** The dialog over the page. */
export const dialog = (c: Console) => c.page.getByRole('dialog')
/** Presses a button, wherever it is. */
export const press = (c: Console, name: string | RegExp) => c.page.getByRole('button', { name, exact: true }).click()
/** Presses a button of the dialog. */
export const pressIn = (c: Console, name: string | RegExp) => dialog(c).getByRole('button', { name, exact: true }).click()
/** Chooses what stands in the menu of a secret. */
export const more = async (c: Console, name: string) => {
  await press(c, 'More actions')
  await c.page.getByRole('menuitem', { name }).click()
}

/** Neither the page nor what it keeps has a value. */
export async function hasNothingOf(c: Console, value: string) {
  expect(await c.page.content()).not.toContain(value)
  expect(await c.page.locator('textarea, input').evaluateAll((all) => all.map((one) => (one as HTMLInputElement).value).join())).not.toContain(value)
  const cache = await cached(c.page)
  expect(cache).toContain('Secret:') // it is the right cache
  expect(cache).not.toContain(value)
  await c.keepsNothingOf(value)
}

/** The id that the page of a secret shows. */
export const idOf = async (c: Console) => new URL(c.page.url()).pathname.split('/').at(-1)!
