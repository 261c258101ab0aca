/** Eight tables, so that eight bytes are summed a step: a gigabyte takes a second or two, not ten. */
const tables = Array.from({ length: 8 }, () => new Uint32Array(256))

for (let n = 0; n < 256; n++) {
  let sum = n
  for (let bit = 0; bit < 8; bit++) sum = sum & 1 ? (sum >>> 1) ^ 0x82f63b78 : sum >>> 1
  tables[0]![n] = sum
}

for (let n = 0; n < 256; n++) {
  for (let k = 1; k < 8; k++) {
    const before = tables[k - 1]![n]!
    tables[k]![n] = (before >>> 8) ^ tables[0]![before & 0xff]!
  }
}

const [t0, t1, t2, t3, t4, t5, t6, t7] = tables as [
  Uint32Array, Uint32Array, Uint32Array, Uint32Array, Uint32Array, Uint32Array, Uint32Array, Uint32Array,
]

/** Sums bytes by CRC32C, the checksum that storage keeps of every object. Source: RFC 3720, appendix B.4. */
export class CRC32C {
  #state = 0xffffffff

  update(bytes: Uint8Array): void {
    let sum = this.#state
    let i = 0
    for (const end = bytes.length - 7; i < end; i += 8) {
      sum ^= bytes[i]! | (bytes[i + 1]! << 8) | (bytes[i + 2]! << 16) | (bytes[i + 3]! << 24)
      sum =
        t7[sum & 0xff]! ^ t6[(sum >>> 8) & 0xff]! ^ t5[(sum >>> 16) & 0xff]! ^ t4[sum >>> 24]! ^
        t3[bytes[i + 4]!]! ^ t2[bytes[i + 5]!]! ^ t1[bytes[i + 6]!]! ^ t0[bytes[i + 7]!]!
    }

    for (; i < bytes.length; i++) sum = (sum >>> 8) ^ t0[(sum ^ bytes[i]!) & 0xff]!
    this.#state = sum
  }

  /** The sum as the contract writes it: base64 of four big-endian bytes. */
  toString(): string {
    const sum = ~this.#state
    return btoa(String.fromCharCode((sum >>> 24) & 0xff, (sum >>> 16) & 0xff, (sum >>> 8) & 0xff, sum & 0xff))
  }
}
