-- What of others' one may see or change, and since when (RFC 9670, 3). In its reader's private scope.
CREATE TABLE notify.share_notification (
  id bigint PRIMARY KEY DEFAULT nextval('sync.object_id'),
  scope bigint NOT NULL REFERENCES sync.scope,
  created timestamptz NOT NULL DEFAULT now(),
  "changedBy" json NOT NULL,
  "objectType" text NOT NULL,
  "objectAccountId" bigint NOT NULL,
  "objectId" bigint NOT NULL,
  name text NOT NULL,
  "oldRights" json,
  "newRights" json
);
CREATE INDEX share_notification_by_scope ON notify.share_notification (scope, id);
