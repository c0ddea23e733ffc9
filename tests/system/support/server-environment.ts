/** This process's environment for its servers, without what a test has set for its own EPICS clients. */
export function serverEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("EPICS_")));
}
