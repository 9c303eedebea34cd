/** A file that the build copies under a hashed name; importing it gives its address. */
declare module '*.geojson' {
  const address: string;
  export default address;
}

/** Parts of ECharts and zrender that they have no types for. */
declare module 'echarts/lib/*';
declare module 'zrender/lib/*';
