/** Marks of networks: trained here, and diverged. */

import { tenth } from "./axes.mjs";
import { svg } from "./dom.mjs";

/** A network that was trained live. */
export const diamond = (x, y) => svg("path", { d: `M${tenth(x)},${tenth(y - 5.5)} l5.5,5.5 l-5.5,5.5 l-5.5,-5.5 Z`, class: "live" });

/** A network that diverged. */
export const cross = (x, y) => svg("path", { d: `M${tenth(x - 4)},${tenth(y - 4)} l8,8 m0,-8 l-8,8`, class: "lost" });
