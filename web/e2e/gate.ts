import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

/** A way to a server on this machine. It lets through as many bytes as it is allowed to, and keeps the rest waiting. */
export class Gate {
  private readonly waiting = new Set<() => void>()
  private readonly sockets = new Set<Socket>()
  private readonly server = createServer((from) => this.join(from))
  private allowed = 0
  private passed = 0

  constructor(private readonly to: URL) {}

  /** Starts it, and returns its origin. */
  async start(): Promise<string> {
    await new Promise<void>((listening) => this.server.listen(0, '127.0.0.1', listening))
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`
  }

  /** Lets this many bytes through in all; what is in the buffers of a socket comes on top. */
  allow(bytes: number) {
    this.allowed = bytes
    for (const goOn of this.waiting) goOn()
    this.waiting.clear()
  }

  stop() {
    for (const socket of this.sockets) socket.destroy()
    this.server.close()
  }

  private join(from: Socket) {
    const to = connect(Number(this.to.port), this.to.hostname)
    for (const socket of [from, to]) {
      this.sockets.add(socket)
      socket.on('error', () => this.sockets.forEach((s) => s.destroy()))
    }
    to.pipe(from)
    from.on('end', () => to.end())
    from.on('data', (bytes) => {
      to.write(bytes)
      this.passed += bytes.length
      if (this.passed < this.allowed) return
      from.pause()
      this.waiting.add(() => from.resume())
    })
  }
}
