import { CRC32C } from './crc32c.js'

/** How many bytes a part has: a multiple of 256 KiB, as storage wants, and few enough to hold in memory. */
const partBytes = 8 << 20

/** Where the bytes of an upload come from, part by part. What was sent may be asked for again. */
export interface Source {
  readonly size: number
  /** The sum of all bytes, once the last was read. */
  readonly sum: CRC32C
  /** The bytes from an offset on, to the end of a part. */
  read(offset: number): Promise<Uint8Array<ArrayBuffer>>
  /** Lets go of it, and gives up what was not read. */
  close(): Promise<void>
}

/** Reads a Blob, which can be read anywhere and again. */
export class BlobSource implements Source {
  readonly size: number
  readonly sum = new CRC32C()
  #summed = 0

  constructor(
    readonly blob: Blob,
    readonly signal?: AbortSignal,
  ) {
    this.size = blob.size
  }

  /** Sums what comes before the offset too, if nobody read that: storage may have it from an upload that broke off. */
  async read(offset: number): Promise<Uint8Array<ArrayBuffer>> {
    await this.#sumTo(offset)
    const bytes = await this.#part(offset)
    this.#add(bytes, offset)
    return bytes
  }

  /** Sums what was not read: the whole, for an upload in one piece. */
  readAll(): Promise<void> {
    return this.#sumTo(this.size)
  }

  async #sumTo(end: number): Promise<void> {
    while (this.#summed < end) {
      this.signal?.throwIfAborted()
      const offset = this.#summed
      this.#add((await this.#part(offset)).subarray(0, end - offset), offset)
    }
  }

  async #part(offset: number): Promise<Uint8Array<ArrayBuffer>> {
    return new Uint8Array(await this.blob.slice(offset, offset + partBytes).arrayBuffer())
  }

  #add(bytes: Uint8Array, offset: number): void {
    this.sum.update(bytes.subarray(Math.max(0, this.#summed - offset)))
    this.#summed = Math.max(this.#summed, offset + bytes.length)
  }

  async close(): Promise<void> {}
}

/** Reads a stream, which can be read once: it keeps the part that is under way. */
export class StreamSource implements Source {
  readonly sum = new CRC32C()
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>
  /** One for all parts: whoever sends takes a copy. */
  #buffer: Uint8Array<ArrayBuffer> | undefined
  #part = new Uint8Array(0)
  #begins = 0
  #left: Uint8Array = new Uint8Array(0)

  constructor(
    stream: ReadableStream<Uint8Array>,
    readonly size: number,
    readonly signal: AbortSignal | undefined,
  ) {
    this.#reader = stream.getReader()
    signal?.addEventListener('abort', this.close) // a read that waits ends with it
  }

  async read(offset: number): Promise<Uint8Array<ArrayBuffer>> {
    const ends = this.#begins + this.#part.length
    if (offset < this.#begins || offset > ends) throw new Error('Storage lost bytes that it had taken.')
    if (offset === ends) {
      await this.#fill(Math.min(partBytes, this.size - offset))
      this.#begins = offset
      this.sum.update(this.#part)
    }
    return this.#part.subarray(offset - this.#begins)
  }

  async #fill(length: number): Promise<void> {
    this.#buffer ??= new Uint8Array(length)
    const part = this.#buffer.subarray(0, length)
    for (let filled = 0; filled < length; ) {
      if (!this.#left.length) this.#left = await this.#next()
      const taken = this.#left.subarray(0, length - filled)
      part.set(taken, filled)
      filled += taken.length
      this.#left = this.#left.subarray(taken.length)
    }

    const isLast = this.#begins + this.#part.length + length === this.size
    if (isLast && (this.#left.length || !(await this.#reader.read()).done)) {
      throw new RangeError(`file: the stream has more than the ${this.size} bytes of size`)
    }
    this.#part = part
  }

  async #next(): Promise<Uint8Array> {
    const { done, value } = await this.#reader.read()
    if (done) throw new RangeError(`file: the stream ended before the ${this.size} bytes of size`)
    return value
  }

  readonly close = async (): Promise<void> => {
    this.signal?.removeEventListener('abort', this.close)
    await this.#reader.cancel(this.signal?.reason).catch(() => undefined)
  }
}
