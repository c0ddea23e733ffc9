export { MockBackend, type MockCall } from "../devices/mock-backend.ts";
export { mockOf, mocksOf } from "./mock.ts";
