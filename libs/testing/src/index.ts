export { storedEvent } from './stored-event.ts';
