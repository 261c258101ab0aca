/** Does something with each item, a few at a time, and resolves when all are done. */
export async function inParallel<Item>(items: readonly Item[], most: number, each: (item: Item) => Promise<void>): Promise<void> {
  const queue = items[Symbol.iterator]()
  const work = async () => {
    for (const item of queue) await each(item)
  }
  await Promise.all(Array.from({ length: most }, work))
}
