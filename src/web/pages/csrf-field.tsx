/** Goes into every form that posts; `sign-in/csrf.ts` checks what comes back. */
export function CsrfField({ token }: { readonly token: string }) {
  return <input type="hidden" name="csrf" value={token} />;
}
