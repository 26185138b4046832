/** What the runtime calls `cloudfront`; only what is used here. It has nothing else that a redirect should touch. */
declare module 'cloudfront' {
  const cloudfront: {
    /** The store associated with the function. `get` rejects for a key that is not there. */
    kvs(): { get(key: string): Promise<string> };
  };
  export default cloudfront;
}
