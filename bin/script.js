const { readFileSync } = require("node:fs");
const { Script } = require("node:vm");

/**
 * The bundle of the command line as a script. `cachedData` is what `createCachedData` gave for the same bundle; where
 * it is not of this very V8, or there is none, the script is compiled anew.
 */
exports.compile = (bundle, cachedData) => {
  const source = `(function (exports, require, module) {${readFileSync(bundle, "latin1")}\n})`;
  return new Script(source, { filename: bundle, cachedData });
};

/** What the bundle exports, which is told where it is. */
exports.evaluate = (script, bundle) => {
  const module = { exports: {}, filename: bundle };
  script.runInThisContext()(module.exports, require, module);
  return module.exports;
};
