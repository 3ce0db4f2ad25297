// What a layer may not touch resolves here, so that every use of it is a compile error.
export type Forbidden = never;
