import * as oauth from 'oauth4webapi'
import type { Credential } from './credential'

const named = (name: string) => document.querySelector<HTMLMetaElement>(`meta[name=${name}]`)?.content ?? ''
const issuer = named('data-api-issuer')
const client: oauth.Client = { client_id: named('data-api-client') }
/** The page that the issuer leads back to: it is registered there. */
const page = location.origin + import.meta.env.BASE_URL.replace(/\/$/, '')
/** The server takes an issuer without TLS on loopback only. */
const options = { [oauth.allowInsecureRequests]: issuer.startsWith('http:') }

/** Where a sign-in that has begun waits for its answer: in this tab, until the answer is read. No token is ever there. */
const waiting = 'sign-in'

/** Whether the server says who signs people in. */
export const offersSignIn = Boolean(issuer && client.client_id)

const discover = async () => oauth.processDiscoveryResponse(new URL(issuer), await oauth.discoveryRequest(new URL(issuer), options))

/** Leads to the issuer's page, which leads back here, to the same address: the authorization code flow with PKCE. */
export async function begin(): Promise<void> {
  const as = await discover()
  const begun = { state: oauth.generateRandomState(), nonce: oauth.generateRandomNonce(), verifier: oauth.generateRandomCodeVerifier(), address: location.pathname + location.search }
  sessionStorage.setItem(waiting, JSON.stringify(begun))
  const url = new URL(as.authorization_endpoint!)
  const scopes = ['openid', 'email', 'offline_access'].filter((scope) => as.scopes_supported?.includes(scope) ?? true)
  url.search = new URLSearchParams([
    ...url.searchParams,
    ['response_type', 'code'],
    ['client_id', client.client_id],
    ['redirect_uri', page],
    ['scope', scopes.join(' ')],
    ['state', begun.state],
    ['nonce', begun.nonce],
    ['code_challenge', await oauth.calculatePKCECodeChallenge(begun.verifier)],
    ['code_challenge_method', 'S256'],
  ]).toString()
  location.assign(url)
}

/** Takes the issuer's answer out of the address, which people copy and browsers remember. Undefined if there is none. */
function answer(): URLSearchParams | undefined {
  const query = new URLSearchParams(location.search)
  if (!offersSignIn || !query.has('state')) return undefined
  history.replaceState(null, '', location.pathname)
  return query
}

/** Whose sign-in the issuer has just answered; undefined if this page was opened otherwise. Rejects if it refused. */
export async function arrive(): Promise<Credential | undefined> {
  const query = answer()
  const begun = sessionStorage.getItem(waiting)
  sessionStorage.removeItem(waiting)
  if (!query || (!begun && !query.has('code') && !query.has('error'))) return undefined
  if (!begun) throw new Error('This sign-in did not begin in this tab.')
  const { state, nonce, verifier, address } = JSON.parse(begun) as Record<string, string>
  history.replaceState(null, '', address)
  const as = await discover()
  const parameters = oauth.validateAuthResponse(as, client, query, state)
  const response = await oauth.authorizationCodeGrantRequest(as, client, oauth.None(), parameters, page, verifier!, options)
  const given = await oauth.processAuthorizationCodeResponse(as, client, response, { expectedNonce: nonce!, requireIdToken: true })
  return held(as, given)
}

/** Whether a request failed without an answer, which says nothing about the sign-in. */
export const isNetworkError = (error: unknown) => error instanceof TypeError

/** A credential that lives in this page's memory alone and is renewed before it ends. */
function held(as: oauth.AuthorizationServer, given: oauth.TokenEndpointResponse): Credential {
  const ends = () => Date.now() + (given.expires_in ?? Infinity) * 1000
  let expires = ends()
  let renewing: Promise<void> | undefined
  const renew = async () => {
    const response = await oauth.refreshTokenGrantRequest(as, client, oauth.None(), given.refresh_token!, options)
    given = { ...given, ...(await oauth.processRefreshTokenResponse(as, client, response)) }
    expires = ends()
  }
  const bearer = () => `Bearer ${given.access_token}`
  return {
    header: 'Authorization',
    value: bearer(),
    async now() {
      if (!given.refresh_token || Date.now() < expires - 60_000) return bearer()
      // a refresh token is good once: requests at the same time wait for the same one
      await (renewing ??= renew().finally(() => (renewing = undefined))).catch((error: unknown) => {
        // the issuer cannot be reached: the token that is there may be good for a while
        if (!isNetworkError(error) || Date.now() >= expires) throw error
      })
      return bearer()
    },
    leave() {
      if (!as.end_session_endpoint || !given.id_token) return
      const url = new URL(as.end_session_endpoint)
      url.searchParams.set('id_token_hint', given.id_token)
      url.searchParams.set('post_logout_redirect_uri', page)
      location.assign(url)
    },
  }
}
