import type { ResolveHook } from "node:module";

const TYPESCRIPT = /\.ts(?:\?|$)/;

/** Plan files are ES modules, whatever the folder they lie in says, so that they may await devices at their top. */
export const resolve: ResolveHook = async (specifier, context, next) => {
  const resolved = await next(specifier, context);
  const isOurs = TYPESCRIPT.test(resolved.url) && !resolved.url.includes("/node_modules/");
  return isOurs ? { ...resolved, format: "module" } : resolved;
};
