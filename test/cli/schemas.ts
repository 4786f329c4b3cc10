import { readFileSync } from "node:fs";
import { Ajv2020, type AnySchemaObject } from "ajv/dist/2020.js";
import { expect } from "vitest";

/** Every field that a schema does not describe is a mistake here; readers must take new ones. */
export const schemas = Object.fromEntries(
  ["stats", "stats-summary", "check", "compile", "verify", "bench"].map((name) => {
    const schema = JSON.parse(readFileSync(`schemas/${name}.schema.json`, "utf8")) as AnySchemaObject;
    const ajv = new Ajv2020({ strict: true, allErrors: true });
    return [
      name,
      { schema, open: ajv.compile(schema), closed: ajv.compile(closed({ ...schema, $id: `${name}:closed` })) },
    ];
  }),
);

function closed<T>(schema: T): T {
  if (Array.isArray(schema)) return schema.map(closed) as T;
  if (schema === null || typeof schema !== "object") return schema;
  const inside = Object.fromEntries(Object.entries(schema).map(([name, value]) => [name, closed(value)]));
  return ("properties" in schema && "type" in schema ? { ...inside, additionalProperties: false } : inside) as T;
}

export function expectValid(name: string, json: string, told: string): void {
  const validate = schemas[name]?.closed;
  validate?.(JSON.parse(json));
  expect({ told, errors: validate?.errors ?? null }).toEqual({ told, errors: null });
}
