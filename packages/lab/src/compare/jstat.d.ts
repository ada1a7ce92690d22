declare module "jstat" {
  const jstat: {
    readonly studentt: {
      cdf(x: number, freedom: number): number;
      inv(p: number, freedom: number): number;
    };
  };
  export default jstat;
}
