export { ZmqPublisher, type ZmqPublisherOptions } from "./zmq-publisher.ts";
