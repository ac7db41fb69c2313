/** Castellan's mark: a keep with a key in its gate. Takes the colour of the text around it. */
export function Mark({ size = 28 }: { readonly size?: number }) {
  return (
    <svg
      className="cas-mark"
      width={size}
      height={size}
      viewBox="0 0 32 32"
      aria-hidden="true"
      focusable="false"
    >
      <path
        fill="currentColor"
        fillRule="evenodd"
        d="M5 3h5v4h3.5V3h5v4H22V3h5v9l-2.5 2.500V26H28v3H4v-3h3.500V14.500L5 12zm11 9.500a3.500 3.500 0 0 0-1.250 6.770V26h2.500v-1.250h2v-2.250h-2v-3.230A3.500 3.500 0 0 0 16 12.500m0 2.250a1.250 1.250 0 1 1 0 2.500 1.250 1.250 0 0 1 0-2.500"
      />
    </svg>
  );
}
