/** `npm run test:deep`: everything that the ordinary run takes a sample of. */
export const deep = process.env.DNETC_DEEP !== undefined;
