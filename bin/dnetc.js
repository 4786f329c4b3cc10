#!/usr/bin/env node
// Starts the built command line. Committed, so that npm and npx find an executable file before and after a build.
const { existsSync, readFileSync } = require("node:fs");
const nodeModule = require("node:module");
const path = require("node:path");

const bundle = path.join(__dirname, "..", "dist", "dnetc.cjs");
const [major, minor] = process.versions.node.split(".").map(Number);

if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`dnetc needs Node.js 20.19 or newer; this is ${process.versions.node}`);
  process.exitCode = 2;
} else if (!existsSync(bundle)) {
  console.error("dnetc is not built: run `npm ci` (or `npm run build`) in its folder first");
  process.exitCode = 3;
} else {
  load().start(process.argv.slice(2));
}

/** To compile its own code is half the work of a short command, so the build has done it for the Node.js it ran on. */
function load() {
  const compiled = `${bundle}.${process.versions.v8}-${process.arch}`;
  if (existsSync(compiled)) {
    const { compile, evaluate } = require("./script.js");
    return evaluate(compile(bundle, readFileSync(compiled)), bundle);
  }
  // Another Node.js keeps what it has compiled, from 22.1 on.
  nodeModule.enableCompileCache?.();
  return require(bundle);
}
