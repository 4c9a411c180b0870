/** What staff decided about a request. Inside of it, so that erasing who decided does not take the request with them. */
export interface Decision {
  /** As the trail names them. */
  readonly by: string;
  /** As they wrote it; it was mailed to the profile's address. */
  readonly reason: string;
}
