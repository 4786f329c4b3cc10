#!/usr/bin/env node
// Starts the built command line. Committed, so that npm and npx find an executable file before and after a build.
import { existsSync } from "node:fs";

const built = new URL("../dist/dnetc.js", import.meta.url);
const [major, minor] = process.versions.node.split(".").map(Number);

if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`dnetc needs Node.js 20.19 or newer; this is ${process.versions.node}`);
  process.exitCode = 2;
} else if (!existsSync(built)) {
  console.error("dnetc is not built: run `npm ci` (or `npm run build`) in its folder first");
  process.exitCode = 3;
} else {
  await import(built.href);
}
