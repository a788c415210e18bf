/**
 * The largest answer that the stage cache keeps, in bytes.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-caching.html
 */
export const LARGEST_CACHED = 1_048_576;
