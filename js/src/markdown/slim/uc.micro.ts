// Stands in for the `uc.micro` package in the bundle: the browser's own Unicode classes.

export const P = /\p{P}/u;
export const S = /\p{S}/u;
