/** A file that the build copies under a hashed name; importing it gives its address. */
declare module '*.geojson' {
  const address: string;
  export default address;
}
