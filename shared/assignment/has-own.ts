const own = Object.prototype.hasOwnProperty;

/** An own property only: a visitor or an attribute may be called `constructor`. The edge runtime has no `Object.hasOwn`. */
export const hasOwn = (object: object, key: string): boolean => own.call(object, key);
