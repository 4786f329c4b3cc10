// Put in from package.json by the build and by vitest.
declare const DNETC_VERSION: string;

export const version: string = DNETC_VERSION;
