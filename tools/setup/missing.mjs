const NODE = [20, 19];

/** What the machine itself lacks for the steps that have to run. */
export function missing(steps) {
  const lacks = steps.filter((step) => step.why !== null).flatMap((step) => step.lacks);
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major < NODE[0] || (major === NODE[0] && minor < NODE[1])) {
    lacks.push({
      what: `Node ${NODE.join(".")} or newer (this is ${process.version})`,
      install: "see https://nodejs.org",
    });
  }
  return [...new Map(lacks.map((lack) => [lack.what, lack])).values()];
}

export function missingMessage(lacks) {
  const lines = lacks.map(({ what, install }) => `  ${what}\n      ${install}`);
  return `This machine lacks something that Cerulean needs. Install it and run the command again:\n${lines.join("\n")}`;
}
