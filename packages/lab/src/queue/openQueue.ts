import { FileError } from "../files/fileError.ts";
import { UsageError } from "../plan/usageError.ts";
import { folderQueue } from "./folderQueue.ts";
import { parseQueueAddress, type QueueAddress } from "./queueAddress.ts";
import { queueReason } from "./queueReason.ts";
import type { RunQueue } from "./runQueue.ts";

/** Tables of BullMQ, beside whatever else the database holds. */
const SCHEMA = "steepest_queue";
const RECONNECT_MS = 1000;

/** Opens the queue at an address. Throws a sentence, without a password, where it cannot be reached. */
export async function openQueue(text: string): Promise<RunQueue> {
  const address = parseQueueAddress(text);
  try {
    return await open(address);
  } catch (error) {
    if (error instanceof UsageError || error instanceof FileError) throw error;
    throw new Error(
      `cannot reach the queue at ${address.name}: ${queueReason(error)}; start the server there, or correct --queue`,
      { cause: error },
    );
  }
}

async function open(address: QueueAddress): Promise<RunQueue> {
  if (address.kind === "folder") return folderQueue(address.folder);
  const { createPostgresBackend, createRedisBackend, withBackend } = await import("bullmq");
  const { bullQueue } = await import("./bullQueue.ts");
  const { name } = address;
  if (address.kind === "postgres") {
    const connection = {
      connectionString: address.url,
      schema: SCHEMA,
      migrate: true,
      connectionTimeoutMillis: 10_000,
    };
    const classes = withBackend(createPostgresBackend);
    return bullQueue({ classes, connection, patient: connection, giveUp: () => {}, name });
  }
  let over = false;
  const retryStrategy = (): number | null => (over ? null : RECONNECT_MS);
  const connection = { url: address.url, maxRetriesPerRequest: 2, retryStrategy };
  const patient = { ...connection, maxRetriesPerRequest: null };
  const giveUp = (): void => {
    over = true;
  };
  return bullQueue({ classes: withBackend(createRedisBackend), connection, patient, giveUp, name });
}
