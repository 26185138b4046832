/**
 * Stands in the bundles for the SDK's `@aws-sdk/credential-provider-node`. Inside Lambda, credentials are in the environment and
 * nowhere else; the chain that also knows profiles, single sign-on and instance metadata would be a third of each bundle.
 */
export const defaultProvider = () => async () => {
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = process.env;
  if (!AWS_ACCESS_KEY_ID || !AWS_SECRET_ACCESS_KEY)
    throw new Error('the environment holds no AWS credentials; this bundle runs in Lambda');
  return {
    accessKeyId: AWS_ACCESS_KEY_ID,
    secretAccessKey: AWS_SECRET_ACCESS_KEY,
    ...(AWS_SESSION_TOKEN && { sessionToken: AWS_SESSION_TOKEN }),
  };
};
