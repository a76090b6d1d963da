// What gRPC's own interoperability tests ask of a server, as far as the contract has calls of the kind.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { compressionAlgorithms, Metadata, status } from "@grpc/grpc-js";
import { call, callPath, hasReason, health, inspection, models, next, statusOf } from "./client.js";

const open = [];
const opened = (client) => {
  open.push(client);
  return client;
};
after(() => open.forEach((client) => client.close()));

const raw = (width, height) => ({
  image: { raw: { data: Buffer.alloc(width * height), pixelFormat: "PIXEL_FORMAT_MONO8", width, height } },
});

test("empty unary: an empty request is answered", async () => {
  const answer = await call(opened(models()), "ListModels", {});
  assert.equal(answer.models[0].reference.name, "pcb-yolov5");
});

test("large unary: a frame of 20 MB is answered", async () => {
  const answer = await call(opened(inspection()), "Detect", raw(5000, 4000));
  assert.deepEqual(answer.imageSize, { width: 5000, height: 4000 });
});

test("health: the server and its services are serving", async () => {
  for (const service of ["", "ymasknet.v1.InspectionService"])
    assert.equal((await call(opened(health()), "Check", { service })).status, "SERVING");
});

test("ping pong: each frame of a session is answered in its turn", async () => {
  const stream = opened(inspection()).InspectStream();
  const ended = statusOf(stream);
  stream.write({ opening: { task: "TASK_DETECT" } });
  assert.equal((await next(stream)).message, "opened");
  for (let id = 1; id <= 3; id++) {
    stream.write({ frame: { frameId: id, ...raw(320 * id, 240) } });
    const { result } = await next(stream);
    assert.deepEqual([result.frameId, result.verdict, result.imageSize.width], [id, "VERDICT_PASS", 320 * id]);
  }
  stream.end();
  assert.equal((await ended).code, status.OK);
});

test("empty stream: a session that nobody opens is refused", async () => {
  const stream = opened(inspection()).InspectStream();
  const ended = statusOf(stream);
  stream.resume();
  stream.end();
  const end = await ended;
  assert.deepEqual([end.code, hasReason(end, "OPENING_MISSING")], [status.INVALID_ARGUMENT, true]);
});

test("cancel after begin: the call ends as cancelled", async () => {
  const stream = opened(inspection()).InspectStream();
  const ended = statusOf(stream);
  stream.resume();
  stream.cancel();
  assert.equal((await ended).code, status.CANCELLED);
});

test("cancel after first response: the call ends as cancelled, and the next one is answered", async () => {
  const client = opened(inspection());
  const stream = client.InspectStream();
  const ended = statusOf(stream);
  stream.write({ opening: { task: "TASK_DETECT" } });
  await next(stream);
  stream.cancel();
  assert.equal((await ended).code, status.CANCELLED);
  assert.equal((await call(client, "Detect", raw(64, 64))).imageSize.width, 64);
});

test("timeout on a sleeping server: the deadline ends the call", async () => {
  await assert.rejects(call(opened(inspection()), "Detect", raw(5000, 4000), { timeoutMs: 1 }), { code: status.DEADLINE_EXCEEDED });
});

test("custom metadata: text and bytes do no harm", async () => {
  const metadata = new Metadata();
  metadata.set("x-line", "3");
  metadata.set("x-station-bin", Buffer.from([0, 0xab, 0xff]));
  assert.ok((await call(opened(models()), "GetModel", {}, { metadata })).model);
});

test("status code and message: refusals carry both, and their details", async () => {
  await assert.rejects(call(opened(models()), "GetModel", { model: "no-such-model" }), (error) => {
    assert.equal(error.code, status.NOT_FOUND);
    assert.match(error.details, /no-such-model/);
    return hasReason(error, "MODEL_NOT_FOUND");
  });
});

test("special status message: letters beyond ASCII come back as they were sent", async () => {
  const model = "моделъ-模型-☺%41";
  await assert.rejects(call(opened(models()), "GetModel", { model }), (error) => {
    assert.equal(error.code, status.NOT_FOUND);
    assert.ok(error.details.includes(model), error.details);
    return true;
  });
});

test("unimplemented method", async () => {
  await assert.rejects(callPath(opened(models()), "/ymasknet.v1.ModelService/NoSuchMethod", Buffer.alloc(0)), (error) => {
    assert.equal(error.code, status.UNIMPLEMENTED);
    return hasReason(error, "METHOD_UNKNOWN");
  });
});

test("unimplemented service", async () => {
  await assert.rejects(callPath(opened(models()), "/no.such.Service/Method", Buffer.alloc(0)), { code: status.UNIMPLEMENTED });
});

test("compressed unary: gzip in both directions gives the same answer", async () => {
  const plain = await call(opened(inspection()), "Detect", raw(640, 480));
  const gzip = opened(inspection({ "grpc.default_compression_algorithm": compressionAlgorithms.gzip }));
  const packed = await call(gzip, "Detect", raw(640, 480));
  assert.deepEqual([packed.defects, packed.imageSize], [plain.defects, plain.imageSize]);
});

test("concurrent large unary: calls on one connection do not disturb each other", async () => {
  const client = opened(inspection());
  const widths = [600, 700, 800, 900, 1000, 1100];
  const answers = await Promise.all(widths.map((width) => call(client, "Detect", raw(width, 1000))));
  assert.deepEqual(answers.map((answer) => answer.imageSize.width), widths);
});
