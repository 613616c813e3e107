/** Which routes a face has, besides those that all have. */
import { authorityRoutes } from "./authority.js";
import type { Face } from "./faces.js";
import { insurerRoutes } from "./insurer.js";
import { registryRoutes } from "./registry.js";
import type { Route } from "./route.js";

export function routesOf(face: Face): readonly Route[] {
  return { registry: registryRoutes, insurer: insurerRoutes, authority: authorityRoutes }[face];
}
