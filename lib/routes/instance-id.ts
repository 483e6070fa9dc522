// The instance behind a node by its providerID, `aws:///<zone>/<instance>`; "" for an incomplete one or none.
export function instanceId(providerId: string): string {
  return /^aws:\/\/\/?[^/]+\/(i-[0-9a-f]{8,17})$/.exec(providerId)?.[1] ?? "";
}
