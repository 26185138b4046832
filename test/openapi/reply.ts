import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';

/** The parts of an answer that a document speaks of. */
export const reply = ({ statusCode = 200, headers = {}, body = '' }: APIGatewayProxyStructuredResultV2) => ({
  status: statusCode,
  type: String(headers['content-type'] ?? ''),
  text: body,
});
