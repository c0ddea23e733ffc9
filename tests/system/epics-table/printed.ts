import { type Cells, OPERATIONS, operationsOf, SHAPES } from "./cells.ts";

/** The table as text: a row for each type and protocol, how many values each cell was checked with, or its reason's number. */
export function printed(all: readonly Cells[]): string {
  const reasons = reasonsOf(all);
  const rows = grouped(all).map(({ type, protocol, cells }) => [
    type,
    protocol,
    ...cells.map((cell) =>
      cell.reason === undefined
        ? [...operationsOf(cell).map((operation) => cell.checked[operation]), ...unwritten(cell, reasons)].join("/")
        : `(${reasons.indexOf(cell.reason) + 1})`,
    ),
  ]);
  const table = [["", "", ...SHAPES], ...rows];
  const widths = table[0]?.map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0))) ?? [];
  const lines = table.map((row) => row.map((text, column) => text.padEnd(widths[column] ?? 0)).join("  "));
  const filled = all.flatMap((cells) => operationsOf(cells).map((operation) => cells.checked[operation]));
  const values = filled.reduce((sum, count) => sum + count, 0);
  const count = `${filled.length} of ${all.length * OPERATIONS.length} cells, ${values} values`;
  return [...lines, ...reasons.map((reason, index) => `(${index + 1}) ${reason}`), count].join("\n");
}

const HEAD = `# Values over both protocols

Each cell is read, monitored and written (get, monitor, put) with the edge values of its type and with generated ones, and
compared bit by bit with what an independent client sees: caproto over Channel Access, p4p over pvAccess. The servers are a
C IOC and, where no record has the type, p4p. A number says why there is nothing to check.
This page is written and checked by \`tests/system/epics-table/table.test.ts\`.
`;

/** The same table as a page of documentation, without the counts. */
export function page(all: readonly Cells[]): string {
  const reasons = reasonsOf(all);
  const names = { ca: "Channel Access", pva: "pvAccess" };
  const lines = [
    `| type | protocol | datatypes | ${SHAPES.join(" | ")} |`,
    `| --- | --- | --- |${" --- |".repeat(SHAPES.length)}`,
    ...grouped(all).map(({ type, protocol, cells }) => {
      const labels = new Set(cells.flatMap(({ place }) => (place === undefined ? [] : [place.datatype.label])));
      const marks = cells.map((cell) => {
        if (cell.reason !== undefined) return `${reasons.indexOf(cell.reason) + 1}`;
        return cell.way?.unwritten === undefined
          ? "yes"
          : `get and monitor; put: ${reasons.indexOf(cell.way.unwritten) + 1}`;
      });
      return `| ${type} | ${names[protocol]} | ${[...labels].map((label) => `\`${label}\``).join(", ")} | ${marks.join(" | ")} |`;
    }),
  ];
  return `${HEAD}\n${lines.join("\n")}\n\n${reasons.map((reason, index) => `${index + 1}. ${reason}`).join("\n")}\n`;
}

function reasonsOf(all: readonly Cells[]): string[] {
  return [...new Set(all.flatMap(({ reason, way }) => reason ?? way?.unwritten ?? []))];
}

function unwritten({ way }: Cells, reasons: readonly string[]): string[] {
  return way?.unwritten === undefined ? [] : [`(${reasons.indexOf(way.unwritten) + 1})`];
}

function grouped(all: readonly Cells[]) {
  const rows = new Map<string, { type: string; protocol: Cells["protocol"]; cells: Cells[] }>();
  for (const cells of all) {
    const { type, protocol } = cells;
    const key = `${type} ${protocol}`;
    const row = rows.get(key) ?? { type, protocol, cells: [] };
    row.cells.push(cells);
    rows.set(key, row);
  }
  return [...rows.values()];
}
