import * as client from 'openid-client';
import { messageOf, TillwatchError } from '../../../contract/errors.ts';
import { isLoopbackName } from '../../../contract/loopback.ts';

export interface OidcOptions {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** The claim that accounts are tied to by their `oidcSubject`. */
  readonly claim: string;
}

/** What the browser keeps between leaving for the identity provider and coming back. */
export interface OidcFlow {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

/** Sign-in at an identity provider: authorization code with PKCE, state and nonce (OpenID Connect Core 1.0, RFC 7636, RFC 9700). */
export class Oidc {
  readonly #options: OidcOptions;
  #found: Promise<client.Configuration> | undefined;

  constructor(options: OidcOptions) {
    this.#options = options;
  }

  /** Where to send the browser, and what it has to bring back. Error: `oidc.unavailable` (503). */
  async begin(redirectUri: string): Promise<{ readonly url: URL; readonly flow: OidcFlow }> {
    const configuration = await this.#configuration();
    const flow = {
      state: client.randomState(),
      nonce: client.randomNonce(),
      verifier: client.randomPKCECodeVerifier(),
    };
    const url = client.buildAuthorizationUrl(configuration, {
      redirect_uri: redirectUri,
      scope: this.#options.claim === 'sub' ? 'openid' : 'openid profile email',
      code_challenge: await client.calculatePKCECodeChallenge(flow.verifier),
      code_challenge_method: 'S256',
      state: flow.state,
      nonce: flow.nonce,
    });
    return { url, flow };
  }

  /** The subject that the provider vouches for. Errors: `oidc.refused` (403) where its answer is not right, `oidc.unavailable` (503). */
  async finish(returned: URL, flow: OidcFlow): Promise<string> {
    const configuration = await this.#configuration();
    const { claim } = this.#options;
    let claims: Readonly<Record<string, unknown>> | undefined;
    try {
      const tokens = await client.authorizationCodeGrant(configuration, returned, {
        pkceCodeVerifier: flow.verifier,
        expectedState: flow.state,
        expectedNonce: flow.nonce,
        idTokenExpected: true,
      });
      claims = tokens.claims();
      if (claims && claim !== 'sub' && claims[claim] === undefined) {
        claims = { ...claims, ...(await client.fetchUserInfo(configuration, tokens.access_token, String(claims.sub))) };
      }
    } catch (error) {
      throw new TillwatchError('oidc.refused', `the identity provider's answer is not accepted: ${messageOf(error)}`, {
        status: 403,
        cause: error,
      });
    }
    const subject = claims?.[claim];
    // An address that anybody may enter at the provider proves nothing.
    if (claim === 'email' && claims?.email_verified !== true) {
      throw new TillwatchError('oidc.refused', 'the identity provider has not verified your e-mail address', {
        status: 403,
      });
    }
    if (typeof subject === 'string' && subject !== '') return subject;
    throw new TillwatchError('oidc.refused', `the identity provider says nothing of "${claim}"`, { status: 403 });
  }

  async #configuration(): Promise<client.Configuration> {
    const { issuer, clientId, clientSecret } = this.#options;
    const url = new URL(issuer);
    // Plain HTTP is for a provider on this machine; the configuration refuses it elsewhere.
    const execute = url.protocol === 'http:' && isLoopbackName(url.hostname) ? [client.allowInsecureRequests] : [];
    this.#found ??= client.discovery(url, clientId, clientSecret === '' ? undefined : clientSecret, undefined, {
      execute,
      timeout: 10,
    });
    try {
      return await this.#found;
    } catch (error) {
      this.#found = undefined;
      throw new TillwatchError(
        'oidc.unavailable',
        `the identity provider ${issuer} cannot be reached: ${messageOf(error)}`,
        {
          status: 503,
          retryable: true,
          cause: error,
        },
      );
    }
  }
}
