/** An address that stands alone in its place: it breaks before the @ rather than within a word. */
export function AddressText({ address }: { readonly address: string }) {
  const at = address.lastIndexOf('@');
  return (
    <span class="address" dir="ltr">
      {address.slice(0, at)}
      <wbr />
      {address.slice(at)}
    </span>
  );
}
