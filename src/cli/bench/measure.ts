import type { BenchFlags } from "../commands/bench.ts";
import { Failure } from "../failure.ts";
import type { Progress } from "../progress.ts";
import { median } from "../statistics.ts";
import { inputShapes, openNames, refuseUnknownSizes } from "./input-shapes.ts";
import type { Lane } from "./lane.ts";
import { type End, isOver, orderOf, shareDone } from "./rounds.ts";

/**
 * Measures models beside one another: all are there at once, each in a process of its own, and every round runs each of
 * them once, so that whatever else the machine does befalls all alike. Nothing that slows a run down goes on beside the
 * rounds: the profile is taken afterwards, in a session of its own. Throws a Failure where an option fits none.
 */
export async function measure(
  lanes: readonly Lane[],
  flags: BenchFlags,
  folder: string,
  progress: Progress,
): Promise<void> {
  for (const lane of lanes) {
    progress.begin({ label: `loading ${lane.name}`, total: null });
    await open(lane, flags, folder);
  }
  refuseUnknown(lanes, flags);
  for (const lane of lanes) await prepare(lane, flags);
  for (const lane of lanes) {
    progress.begin({ label: `warming up ${lane.name}`, total: null });
    await warmUp(lane);
  }
  progress.begin({ label: "rounds", total: 1 });
  await takeTurns(lanes, endOfRounds(flags, lanes.length), { ...flags, progress }, async (lane) => {
    await lane.ask(async (contender) => void lane.roundsMs.push(await contender.run()));
  });
  for (const lane of lanes.filter(isOnCpu)) {
    await lane.ask(async (contender) => {
      lane.residentBytes = await contender.residentGrowth();
    });
  }
  progress.begin({ label: "sessions", total: 1 });
  await takeTurns(lanes, endOfSessions(lanes.length), { ...flags, progress }, async (lane) => {
    await lane.ask(async (contender) => void lane.sessionsMs.push(await contender.createAgain()));
  });
  for (const lane of lanes.filter(isOnCpu)) {
    progress.begin({ label: `profile of ${lane.name}`, total: null });
    await lane.ask(async (contender) => {
      lane.profile = await contender.profile(profiledRuns(lane.roundsMs));
    });
  }
}

async function open(lane: Lane, { threads }: BenchFlags, folder: string): Promise<void> {
  const { subject, device } = lane;
  await lane.ask(async (contender) => {
    lane.opened = await contender.open({ file: subject.model, device, threads: threads ?? null, folder });
  });
}

async function prepare(lane: Lane, { batch, seed }: BenchFlags): Promise<void> {
  const { opened, subject } = lane;
  if (!opened) return;
  try {
    lane.shapes = inputShapes(opened.inputs, subject, batch ?? null);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    lane.leaveOut(error);
  }
  await lane.ask((contender) => contender.prepare(lane.shapes, seed));
}

/** A network has told already which of its sizes are open. */
function refuseUnknown(lanes: readonly Lane[], { dim }: BenchFlags): void {
  const isTold = lanes.some(({ subject, opened }) => subject.network !== null || !opened);
  if (dim && !isTold) {
    refuseUnknownSizes(dim.keys(), new Set(lanes.flatMap(({ opened }) => openNames(opened?.inputs ?? []))));
  }
}

/** The first runs allocate memory, and on a GPU translate programs. */
async function warmUp(lane: Lane): Promise<void> {
  const started = performance.now();
  for (let runs = 0; !lane.refusal && !isOver(endOfWarmUp, runs, performance.now() - started); runs++) {
    await lane.ask(async (contender) => void (await contender.run()));
  }
}

const endOfWarmUp: End = { asked: null, least: 3, most: 20, milliseconds: 500 };

function endOfRounds({ rounds }: BenchFlags, lanes: number): End {
  return { asked: rounds ?? null, least: 5, most: 100, milliseconds: 10_000 * lanes };
}

function endOfSessions(lanes: number): End {
  return { asked: null, least: 1, most: 5, milliseconds: 5_000 * lanes };
}

/** Rounds of one thing after another, in an order that is drawn anew for each. */
async function takeTurns(
  lanes: readonly Lane[],
  end: End,
  { seed, progress }: { readonly seed: bigint; readonly progress: Progress },
  act: (lane: Lane) => Promise<void>,
): Promise<void> {
  const started = performance.now();
  const elapsed = () => performance.now() - started;
  for (let round = 0; !isOver(end, round, elapsed()); round++) {
    if (lanes.every((lane) => lane.refusal)) return;
    for (const at of orderOf(lanes.length, round, seed)) await act(lanes[at] as Lane);
    progress.reach(shareDone(end, round + 1, elapsed()));
  }
}

function isOnCpu({ device }: Lane): boolean {
  return device === "cpu";
}

/** As many as two seconds allow. */
function profiledRuns(roundsMs: readonly number[]): number {
  return Math.min(10, Math.max(1, Math.floor(2_000 / median(roundsMs))));
}
