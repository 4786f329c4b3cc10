import { main, reportBug } from "./main.ts";
import { contenderArgument, jobArgument, processTerminal } from "./terminal.ts";

/** Runs the command line with these arguments and leaves its exit code in the process. */
export async function start(args: readonly string[]): Promise<void> {
  const terminal = processTerminal();
  process.on("uncaughtException", (error) => process.exit(reportBug(error, terminal)));
  if (args[0] === jobArgument && process.send) {
    const { serveJob } = await import("../runtime/run-in-child.ts");
    serveJob();
  } else if (args[0] === contenderArgument && process.send) {
    const { serveContender } = await import("../runtime/contender-in-child.ts");
    serveContender();
  } else process.exitCode = await main(args, terminal);
}
