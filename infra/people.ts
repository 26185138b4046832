import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { HttpUserPoolAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import {
  AccountRecovery,
  type CfnUserPoolClient,
  Mfa,
  OAuthScope,
  UserPool,
  UserPoolClientIdentityProvider,
} from 'aws-cdk-lib/aws-cognito';
import { Construct } from 'constructs';
import { EDITORS, SIGN_IN_SCOPES, type SignIn } from '../shared/contracts/sign-in.ts';
import { acknowledge } from './acknowledged.ts';
import type { Settings } from './settings.ts';

/** The name of the pool's pages: unique in a region, over all accounts. */
const prefixOf = (scope: Construct, { stage }: Settings): string => `stepladder-${stage}-${Stack.of(scope).account}`;

/** Where people sign in. Known before the pool is made, because what the dashboard may talk to stands in its headers. */
export const signInOrigin = (scope: Construct, settings: Settings): string =>
  `https://${prefixOf(scope, settings)}.auth.${Stack.of(scope).region}.amazoncognito.com`;

type Props = {
  readonly settings: Settings;
  /** The origin of the dashboard. */
  readonly address: string;
};

/**
 * The people who run experiments: a pool in which an administrator makes every account. They sign in at the pool's own pages, and the
 * dashboard gets a code for a token (PKCE); it holds no secret and sees no password.
 */
export class People extends Construct {
  readonly pool: UserPool;
  readonly signIn: Extract<SignIn, { kind: 'cognito' }>;
  readonly authorizer: HttpUserPoolAuthorizer;

  constructor(scope: Construct, { settings, address }: Props) {
    super(scope, 'people');
    this.pool = new UserPool(this, 'pool', {
      userPoolName: `stepladder-${settings.stage}`,
      selfSignUpEnabled: false,
      // A name of their choice, which is what stands in the history. The address is for a lost password.
      signInAliases: { username: true, email: true },
      standardAttributes: { email: { required: true, mutable: true } },
      autoVerify: { email: true },
      userInvitation: {
        emailSubject: 'Stepladder: your account',
        emailBody: `You may sign in to Stepladder at ${address} as {username}, with the password {####} the first time; it then asks for one of your own.`,
      },
      accountRecovery: AccountRecovery.EMAIL_ONLY,
      passwordPolicy: {
        minLength: 12,
        requireLowercase: true,
        requireUppercase: true,
        requireDigits: true,
        requireSymbols: true,
        tempPasswordValidity: Duration.days(3),
      },
      // The pool's pages help to set up a second factor where one is required, and nowhere else.
      mfa: settings.keepsData ? Mfa.REQUIRED : Mfa.OFF,
      ...(settings.keepsData && { mfaSecondFactor: { otp: true, sms: false } }),
      deletionProtection: settings.keepsData,
      removalPolicy: settings.keepsData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    acknowledge(this.pool, {
      ...(!settings.keepsData && {
        COG2: 'A stage may be tried without a phone at hand. The live one asks everybody for an authenticator app.',
      }),
      COG8: 'The dearer plan watches for guessed and leaked passwords of strangers; here every account is made by an administrator, passwords are long, and the pool slows down guessing by itself.',
    });
    this.pool.addGroup('editors', {
      groupName: EDITORS,
      description: 'May change experiments, keys and settings; everybody else in the pool may read',
    });
    this.pool.addDomain('pages', { cognitoDomain: { domainPrefix: prefixOf(this, settings) } });
    const client = this.pool.addClient('dashboard', {
      generateSecret: false,
      oAuth: {
        flows: { authorizationCodeGrant: true, implicitCodeGrant: false, clientCredentials: false },
        scopes: SIGN_IN_SCOPES.map((scope) => OAuthScope.custom(scope)),
        callbackUrls: [`${address}/`],
        logoutUrls: [`${address}/`],
      },
      supportedIdentityProviders: [UserPoolClientIdentityProvider.COGNITO],
      preventUserExistenceErrors: true,
      enableTokenRevocation: true,
      accessTokenValidity: Duration.hours(1),
      idTokenValidity: Duration.hours(1),
      refreshTokenValidity: Duration.hours(12),
    });
    // Nobody comes by password or SRP past the pool's own pages. The library writes no list that has this alone.
    (client.node.defaultChild as CfnUserPoolClient).explicitAuthFlows = ['ALLOW_REFRESH_TOKEN_AUTH'];
    this.signIn = { kind: 'cognito', domain: signInOrigin(this, settings), clientId: client.userPoolClientId };
    this.authorizer = new HttpUserPoolAuthorizer('people', this.pool, { userPoolClients: [client] });
  }
}
