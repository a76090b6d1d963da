// Stubs of the contract, loaded from its protos, and calls as promises.

import * as grpc from "@grpc/grpc-js";
import * as loader from "@grpc/proto-loader";
import { fileURLToPath } from "node:url";

const PROTOS = fileURLToPath(new URL("../../protos", import.meta.url));
const ADDRESS = process.env.YMASKNET_INTEROP_ADDRESS;
const DETAILS = "grpc-status-details-bin";
const PATIENCE_MS = 60_000;

const definition = loader.loadSync(
  ["ymasknet/v1/inspection_service.proto", "ymasknet/v1/model_service.proto", "grpc/health/v1/health.proto"],
  { includeDirs: [PROTOS], longs: Number, enums: String, defaults: true, oneofs: true },
);
const { ymasknet, grpc: standard } = grpc.loadPackageDefinition(definition);

/** A client of a service, with a connection of its own. */
function connect(Service, options = {}) {
  return new Service(ADDRESS, grpc.credentials.createInsecure(), {
    "grpc.max_receive_message_length": -1,
    "grpc.use_local_subchannel_pool": 1,
    ...options,
  });
}

export const inspection = (options) => connect(ymasknet.v1.InspectionService, options);
export const models = (options) => connect(ymasknet.v1.ModelService, options);
export const health = (options) => connect(standard.health.v1.Health, options);

/** Makes a unary call of a method by its name. */
export function call(client, method, request, { metadata = new grpc.Metadata(), timeoutMs = PATIENCE_MS } = {}) {
  return new Promise((resolve, reject) => {
    client[method](request, metadata, { deadline: Date.now() + timeoutMs }, (error, answer) => (error ? reject(error) : resolve(answer)));
  });
}

/** Makes a unary call of a path, with bytes for messages. */
export function callPath(client, path, bytes) {
  const same = (value) => value;
  return new Promise((resolve, reject) => {
    client.makeUnaryRequest(path, same, same, bytes, new grpc.Metadata(), { deadline: Date.now() + PATIENCE_MS }, (error, answer) =>
      error ? reject(error) : resolve(answer),
    );
  });
}

/** How a stream ends: its status, once every message was read. */
export function statusOf(stream) {
  return new Promise((resolve) => {
    stream.on("error", () => {});
    stream.on("status", resolve);
  });
}

/** The next message of a stream. */
export function next(stream) {
  return new Promise((resolve, reject) => {
    stream.once("data", resolve);
    stream.once("error", reject);
  });
}

/** The reason in a status's details, which are read as text: a reason has letters and underscores alone. */
export function hasReason(error, reason) {
  return error.metadata.get(DETAILS).some((details) => details.toString("latin1").includes(reason));
}
