/** What a generated validator says about the first thing that is wrong. */
export interface SchemaFault {
  instancePath: string;
  keyword: string;
  message?: string;
  params: Record<string, unknown>;
}

/** A validator made from a schema; after it has returned false, `errors` tells why. */
export interface Validator {
  (document: unknown): boolean;
  errors?: readonly SchemaFault[] | null;
}
