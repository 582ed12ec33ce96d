import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

/** A pasta do repositório. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));
