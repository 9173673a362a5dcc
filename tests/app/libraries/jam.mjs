// What jmap-jam does with a Tideline server. node jam.mjs ENTRY URL TOKEN; the first thing that is not so ends it.
import assert from "node:assert/strict";
const [entry, url, token] = process.argv.slice(2);
const { default: JamClient } = await import(entry);

const CHAT = "https://tideline.org/jmap/chat";
const jam = new JamClient({
  sessionUrl: url + "/.well-known/jmap",
  bearerToken: token,
  customCapabilities: { Room: CHAT, Message: CHAT, Blob: "urn:ietf:params:jmap:blob", Quota: "urn:ietf:params:jmap:quota" },
});

const session = await jam.session;
const accountId = session.primaryAccounts[CHAT];
assert.ok(accountId in session.accounts);
assert.equal(session.username, "robin");

const [echo, meta] = await jam.api.Core.echo({ tide: ["low", 1, null] });
assert.deepEqual(echo, { tide: ["low", 1, null] });
assert.equal(meta.sessionState, session.state);

const [before] = await jam.api.Room.get({ accountId, ids: [] });
const [set] = await jam.api.Room.set({ accountId, create: { new: { kind: "group", name: "Made by Jam" } } });
const room = set.created.new.id;
const [changes] = await jam.api.Room.changes({ accountId, sinceState: before.state });
assert.deepEqual(changes.created, [room]);

const [updated] = await jam.api.Room.set({ accountId, update: { [room]: { name: "Jam" } } });
assert.ok(room in updated.updated);

// Creation ids and result references in one request.
const [{ message, found, read }] = await jam.requestMany((t) => {
  const message = t.Message.set({ accountId, create: { m: { roomId: room, body: "Low tide at six" } } });
  const found = t.Message.query({ accountId, filter: { roomId: room }, calculateTotal: true });
  const read = t.Message.get({ accountId, ids: found.$ref("/ids"), properties: ["body"] });
  return { message, found, read };
});
assert.equal(found.total, 1);
assert.deepEqual(read.list, [{ id: message.created.m.id, body: "Low tide at six" }]);

const bytes = new Uint8Array([0, 255, 10, 13, 128]);
const blob = await jam.uploadBlob(accountId, bytes, { headers: { Authorization: "Bearer " + token, "Content-Type": "image/png" } });
assert.deepEqual([blob.accountId, blob.type, blob.size], [accountId, "image/png", 5]);
const down = await jam.downloadBlob({ accountId, blobId: blob.blobId, mimeType: "image/png", fileName: "boat name.png" });
assert.equal(down.headers.get("Content-Type"), "image/png");
assert.deepEqual(new Uint8Array(await down.arrayBuffer()), bytes);
const [got] = await jam.api.Blob.get({ accountId, ids: [blob.blobId], properties: ["data:asBase64", "size"] });
assert.deepEqual(got.list, [{ id: blob.blobId, "data:asBase64": "AP8KDYA=", size: 5 }]);
const [quotas] = await jam.api.Quota.get({ accountId, ids: null });
assert.ok(quotas.list.find((quota) => quota.resourceType === "octets").used >= 5);

await assert.rejects(jam.api.Room.get({ accountId: "t0", ids: null }), { type: "accountNotFound" });
await assert.rejects(jam.request(["Core/echo", {}], { using: ["urn:example:none"] }),
  (problem) => JamClient.isProblemDetails(problem) && problem.type === "urn:ietf:params:jmap:error:unknownCapability");

const [gone] = await jam.api.Room.set({ accountId, destroy: [room] });
assert.deepEqual(gone.destroyed, [room]);
