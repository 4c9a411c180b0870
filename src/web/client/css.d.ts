/** A style sheet as text, without comments and spaces: the build puts it into the script. */
declare module '*.css' {
  const text: string;
  export default text;
}
