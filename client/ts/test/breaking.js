import { connect, createServer } from 'node:net'

/**
 * Stands between the client and storage, and breaks connections: `breakAfter` says after how many more bytes, in either
 * direction, all that are open end. Returns a `fetch` that goes through it; a signature covers the host, not its port.
 */
export async function breaking(t, storage) {
  const target = new URL(storage)
  const open = new Set()
  const state = { left: Infinity, breaks: 0 }
  const count = (chunk) => {
    state.left -= chunk.length
    if (state.left > 0) return true
    state.left = Infinity
    state.breaks++
    for (const socket of open) socket.destroy()
    return false
  }
  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname)
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ]) {
      open.add(from)
      from.on('data', (chunk) => {
        if (count(chunk) && !to.write(chunk)) from.pause()
      })
      to.on('drain', () => from.resume())
      from.on('error', () => to.destroy())
      from.on('end', () => to.end())
      from.on('close', () => open.delete(from) && to.destroy())
    }
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  t?.after(() => close())

  function close() {
    server.close()
    for (const socket of open) socket.destroy()
  }

  return {
    close,
    get breaks() {
      return state.breaks
    },
    breakAfter(bytes) {
      state.left = bytes
    },
    async fetch(input, init) {
      const url = new URL(input)
      if (url.host === target.host) url.port = server.address().port
      return fetch(url, init)
    },
  }
}
