/** `npm run test:large`: models of gigabytes, and what takes minutes to be sure of. */
export const large = process.env.DNETC_LARGE !== undefined;
