import type { Movable } from "../../devices/protocols.ts";
import { checkMotor, checkNumber, checkWhole } from "../arguments.ts";
import { Cycler } from "./cycler.ts";

type Motor = Movable<any>;
type Points = [x: number[], y: number[]];

/** The step along y when it differs from that along x, and the tilt of the area in radians. */
export interface SpiralOptions {
  drY?: number | null | undefined;
  tilt?: number | undefined;
}

function trajectory(xMotor: Motor, yMotor: Motor, [x, y]: Points): Cycler {
  if (xMotor === yMotor) throw new TypeError(`a spiral needs two motors, got ${xMotor.name} twice`);
  return new Cycler(
    new Map([
      [xMotor, x],
      [yMotor, y],
    ]),
  );
}

function checkAll(plan: string, motors: readonly unknown[], numbers: Record<string, unknown>): void {
  for (const motor of motors) checkMotor(plan, motor);
  for (const [what, value] of Object.entries(numbers)) checkNumber(plan, what, value);
}

function checkPositive(plan: string, numbers: Record<string, number>): void {
  for (const [what, value] of Object.entries(numbers)) {
    if (value <= 0) throw new RangeError(`${plan}: ${what} must be more than 0, got ${value}`);
  }
}

/** A spiral of rings `dr` apart, with `nth` points on the first ring and as many more on each that follows. */
export function spiral(
  xMotor: Motor,
  yMotor: Motor,
  xStart: number,
  yStart: number,
  xRange: number,
  yRange: number,
  dr: number,
  nth: number,
  options: SpiralOptions = {},
): Cycler {
  const { drY, tilt = 0 } = options;
  checkAll("spiral", [xMotor, yMotor], { xStart, yStart, xRange, yRange, dr, nth, drY: drY ?? dr, tilt });
  checkPositive("spiral", { dr, nth, drY: drY ?? dr });
  const aspect = (drY ?? dr) / dr;
  const halfX = xRange / 2;
  const halfY = yRange / (2 * aspect);
  const rings = 1 + Math.trunc(Math.sqrt(halfX ** 2 + halfY ** 2) / dr);
  const tiltTan = Math.tan(tilt + Math.PI / 2);
  const points: Points = [[], []];
  for (let ring = 1; ring < rings + 2; ring++) {
    const radius = ring * dr;
    const angleStep = (2 * Math.PI) / (ring * nth);
    for (let i = 0; i < Math.trunc(ring * nth); i++) {
      const x = radius * Math.cos(i * angleStep);
      const y = radius * Math.sin(i * angleStep) * aspect;
      if (Math.abs(x - y / aspect / tiltTan) > halfX || Math.abs(y / aspect) > halfY) continue;
      points[0].push(xStart + x);
      points[1].push(yStart + y);
    }
  }
  return trajectory(xMotor, yMotor, points);
}

/** A Fermat spiral, whose points lie evenly on the area; `factor` divides the radius. */
export function spiralFermat(
  xMotor: Motor,
  yMotor: Motor,
  xStart: number,
  yStart: number,
  xRange: number,
  yRange: number,
  dr: number,
  factor: number,
  options: SpiralOptions = {},
): Cycler {
  const { drY, tilt = 0 } = options;
  checkAll("spiralFermat", [xMotor, yMotor], { xStart, yStart, xRange, yRange, dr, factor, drY: drY ?? dr, tilt });
  checkPositive("spiralFermat", { dr, factor, drY: drY ?? dr });
  const aspect = (drY ?? dr) / dr;
  const phi = (137.508 * Math.PI) / 180;
  const halfX = xRange / 2;
  const halfY = yRange / (2 * aspect);
  const tiltTan = Math.tan(tilt + Math.PI / 2);
  const diagonal = Math.sqrt(halfX ** 2 + halfY ** 2);
  const rings = Math.trunc(((1.5 * diagonal) / (dr / factor)) ** 2);
  const points: Points = [[], []];
  for (let ring = 1; ring < rings; ring++) {
    const radius = (Math.sqrt(ring) * dr) / factor;
    const x = radius * Math.cos(phi * ring);
    const y = radius * Math.sin(phi * ring) * aspect;
    if (Math.abs(x - y / aspect / tiltTan) > halfX || Math.abs(y) > halfY) continue;
    points[0].push(xStart + x);
    points[1].push(yStart + y);
  }
  return trajectory(xMotor, yMotor, points);
}

/** The points of a rectangular grid in a square spiral from its centre outwards. */
export function spiralSquarePattern(
  xMotor: Motor,
  yMotor: Motor,
  xCenter: number,
  yCenter: number,
  xRange: number,
  yRange: number,
  xNum: number,
  yNum: number,
): Cycler {
  checkAll("spiralSquare", [xMotor, yMotor], { xCenter, yCenter, xRange, yRange });
  checkWhole("spiralSquare", "xNum", xNum, 2);
  checkWhole("spiralSquare", "yNum", yNum, 2);
  const xDelta = xRange / (xNum - 1);
  const yDelta = yRange / (yNum - 1);
  // With an even number of points no point lies in the centre.
  const xOffset = xNum % 2 === 0 ? 0.5 : 0;
  const yOffset = yNum % 2 === 0 ? -0.5 : 0;
  const points: Points = [[], []];
  const place = (column: number, row: number): void => {
    if (points[0].length >= xNum * yNum) return;
    points[0].push(xCenter - xDelta * xOffset + xDelta * column);
    points[1].push(yCenter - yDelta * yOffset + yDelta * row);
  };
  const inColumns = (n: number): boolean => Math.abs(n - xOffset) < xNum / 2;
  const inRows = (n: number): boolean => Math.abs(n - yOffset) < yNum / 2;
  place(0, 0);
  for (let ring = 2; ring <= Math.max(xNum, yNum); ring++) {
    const edge = ring - 1;
    const down = Array.from({ length: 2 * edge }, (_, i) => edge - 1 - i);
    const up = down.map((n) => -n);
    // The first side alone may touch the limit: on it lies the outermost column of an odd grid.
    if (Math.abs(edge - xOffset) <= xNum / 2) for (const row of down.filter(inRows)) place(edge, row);
    if (inRows(-edge)) for (const column of down.filter(inColumns)) place(column, -edge);
    if (inColumns(-edge)) for (const row of up.filter(inRows)) place(-edge, row);
    if (inRows(edge)) for (const column of up.filter(inColumns)) place(column, edge);
  }
  return trajectory(xMotor, yMotor, points);
}
