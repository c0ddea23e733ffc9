export { KafkaPublisher, type KafkaPublisherState } from "./kafka-publisher.ts";
export { KafkaReader } from "./kafka-reader.ts";
export type { KafkaPublisherOptions, KafkaReaderOptions } from "./options.ts";
