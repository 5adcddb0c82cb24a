export { createKafkaLog, type KafkaLog, type KafkaLogOptions } from './event-log.ts';
export type { GroupLag } from './group-lag.ts';
export { InvalidKafkaOptions, type KafkaConnection, type KafkaSasl, type KafkaTls } from './client/connection.ts';
export { standardTopics, type StandardTopics, type TopicSettings } from './topics/settings.ts';
export { TopicsDiffer } from './topics/check.ts';
