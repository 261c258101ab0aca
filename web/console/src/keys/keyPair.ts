/** Makes the key pair of a runtime by the browser's own cryptography. */
export async function makeKeyPair(): Promise<CryptoKeyPair> {
  try {
    return (await crypto.subtle.generateKey({ name: 'X25519' }, true, ['deriveBits'])) as CryptoKeyPair
  } catch {
    throw new Error('This browser makes no X25519 keys. Make the pair where the runtime is, and paste its public key.')
  }
}

/** The public half as `addRuntimeKey` takes it. */
export const publicText = async ({ publicKey }: CryptoKeyPair): Promise<string> => base64(await crypto.subtle.exportKey('raw', publicKey))

/** The private half in the form that runtimes read, as `data-api runtime-key new` and OpenSSL write it: PKCS #8 in PEM. */
export async function privateText({ privateKey }: CryptoKeyPair): Promise<string> {
  const text = base64(await crypto.subtle.exportKey('pkcs8', privateKey))
  return `-----BEGIN PRIVATE KEY-----\n${text.replace(/.{64}(?=.)/g, '$&\n')}\n-----END PRIVATE KEY-----\n`
}

const base64 = (bytes: ArrayBuffer) => btoa(String.fromCharCode(...new Uint8Array(bytes)))
