import { signAws } from '#shared/deliver/sign-aws.ts';
import { adminKeyIn } from '../installation/local-keys.ts';
import type { Prove } from './api-client.ts';

type Environment = Readonly<Record<string, string | undefined>>;

const HERE: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);
/** The address of an HTTP API, with its region in it. */
const EXECUTE_API = /\.execute-api\.([a-z0-9-]+)\.amazonaws\.com(\.cn)?$/;

/**
 * How the command line shows who it is: to API Gateway by a signature with the AWS credentials of whoever calls it (environment,
 * profile, single sign-on, as with any AWS tool), elsewhere by a key. The key of the installation on this machine is sent to no other.
 */
export function proofFor(address: string, environment: Environment, folder: string): Prove {
  const { hostname } = new URL(address);
  const region = EXECUTE_API.exec(hostname)?.[1];
  if (region !== undefined) return signed(region, environment);
  const key = environment.STEPLADDER_KEY ?? (HERE.has(hostname) ? adminKeyIn(folder) : undefined);
  return async () => (key === undefined ? {} : { authorization: `Bearer ${key}` });
}

function signed(region: string, environment: Environment): Prove {
  return async (request) => {
    // Loaded here, because it knows profiles, single sign-on and more, and most calls go to this machine.
    const { defaultProvider } = await import('@aws-sdk/credential-provider-node');
    const credentials = defaultProvider(environment.AWS_PROFILE ? { profile: environment.AWS_PROFILE } : {});
    return signAws(request, { credentials, region, service: 'execute-api' }, Date.now());
  };
}
