// What is used of two packages that are not yet among the dependencies. Delete this file once they are: the packages bring their own.
declare module '@aws-sdk/client-cloudfront-keyvaluestore' {
  type Answer = { ETag: string | undefined };
  export class CloudFrontKeyValueStore {
    constructor(options: { region: string; maxAttempts: number });
    describeKeyValueStore(input: { KvsARN: string }): Promise<Answer>;
    putKey(input: { KvsARN: string; Key: string; Value: string; IfMatch: string }): Promise<Answer>;
    deleteKey(input: { KvsARN: string; Key: string; IfMatch: string }): Promise<Answer>;
  }
}
declare module '@aws-sdk/signature-v4a';
