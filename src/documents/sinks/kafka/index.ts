export { KafkaPublisher, type KafkaPublisherState } from "./kafka-publisher.ts";
export { KafkaReader, type KafkaReaderOptions } from "./kafka-reader.ts";
export type { KafkaPublisherOptions } from "./options.ts";
