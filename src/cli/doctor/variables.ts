import { error, type Finding, note, warning } from "./finding.ts";

type Form = "addresses" | "yes-no" | "port" | "seconds" | "bytes";

interface Variable {
  readonly form: Form;
  readonly meaning: string;
}

const VARIABLES: Readonly<Record<string, Variable>> = {
  EPICS_CA_ADDR_LIST: { form: "addresses", meaning: "where Channel Access searches" },
  EPICS_CA_AUTO_ADDR_LIST: {
    form: "yes-no",
    meaning: "whether Channel Access searches by broadcast on all networks too",
  },
  EPICS_CA_SERVER_PORT: { form: "port", meaning: "the port of Channel Access searches, 5064 without it" },
  EPICS_CA_REPEATER_PORT: { form: "port", meaning: "the port of the beacon repeater, 5065 without it" },
  EPICS_CA_NAME_SERVERS: { form: "addresses", meaning: "servers that Channel Access asks over TCP" },
  EPICS_CA_CONN_TMO: {
    form: "seconds",
    meaning: "after which silence a server counts as unresponsive, 30 s without it",
  },
  EPICS_CA_MAX_ARRAY_BYTES: {
    form: "bytes",
    meaning: "the largest array that Channel Access takes, where EPICS_CA_AUTO_ARRAY_BYTES is NO",
  },
  EPICS_CA_AUTO_ARRAY_BYTES: { form: "yes-no", meaning: "whether arrays of any size are taken" },
  EPICS_CA_MAX_SEARCH_PERIOD: {
    form: "seconds",
    meaning: "without effect here: what was never found is searched anew every 8 s, what was lost every 2 s",
  },
  EPICS_PVA_ADDR_LIST: { form: "addresses", meaning: "where pvAccess searches" },
  EPICS_PVA_AUTO_ADDR_LIST: { form: "yes-no", meaning: "whether pvAccess searches by broadcast on all networks too" },
  EPICS_PVA_BROADCAST_PORT: { form: "port", meaning: "the port of pvAccess searches, 5076 without it" },
  EPICS_PVA_SERVER_PORT: { form: "port", meaning: "the TCP port of pvAccess servers, 5075 without it" },
  EPICS_PVA_NAME_SERVERS: { form: "addresses", meaning: "servers that pvAccess asks over TCP" },
  EPICS_PVA_CONN_TMO: { form: "seconds", meaning: "after which silence a server counts as gone" },
};

const FOR_SERVERS = /^EPICS_(CAS|PVAS|IOC|HOST|BASE|EXTENSIONS|DB|TIMEZONE|TZ|TS|TIME)/;

/** The variables of EPICS that are set: what they mean, whether their values make sense, and names that look like slips. */
export function checkVariables(environment: NodeJS.ProcessEnv): Finding[] {
  const set = Object.entries(environment)
    .filter((entry): entry is [string, string] => entry[0].startsWith("EPICS_") && entry[1] !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  if (set.length === 0)
    return [note("environment", "no variable of EPICS is set: searches go by broadcast, to the usual ports")];
  return set.map(([name, value]) => checkOne(name, value));
}

function checkOne(name: string, value: string): Finding {
  const variable = VARIABLES[name];
  if (variable !== undefined) {
    const wrong = misfit(variable.form, value);
    if (wrong === undefined) return note(name, `"${value}": ${variable.meaning}`);
    return error(name, `"${value}" ${wrong}; it says ${variable.meaning}`, `set ${name} to another value, or unset it`);
  }
  if (FOR_SERVERS.test(name)) return note(name, `"${value}": for servers, or for other programs`);
  const meant = Object.keys(VARIABLES).find((known) => distance(name, known) <= 2);
  if (meant === undefined) return note(name, `"${value}": not known to Cerulean`);
  return warning(name, `"${value}": there is no such variable`, `if ${meant} is meant, rename it`);
}

function misfit(form: Form, value: string): string | undefined {
  switch (form) {
    case "yes-no":
      return /^(yes|no)$/i.test(value.trim()) || value === "" ? undefined : "is neither YES nor NO";
    case "port":
      return /^\d+$/.test(value) && Number(value) > 0 && Number(value) < 65_536 ? undefined : "is no port";
    case "seconds":
    case "bytes":
      return Number(value) > 0 ? undefined : "is no number above 0";
    case "addresses": {
      const wrong = value.split(/\s+/).find((entry) => entry !== "" && !/^[\w.-]+(:\d+)?$/.test(entry));
      return wrong === undefined
        ? undefined
        : `has "${wrong}", which is neither host nor host:port; entries are separated by spaces`;
    }
  }
}

/** How many letters have to be changed, added or taken away (Levenshtein). */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...b].entries()) {
      const least = Math.min((next[j] ?? 0) + 1, (row[j + 1] ?? 0) + 1);
      next.push(Math.min(least, (row[j] ?? 0) + (letter === other ? 0 : 1)));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
