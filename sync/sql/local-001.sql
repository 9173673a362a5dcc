-- local.db: what only this device knows. Never lost with the replica.
CREATE TABLE op (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  op_id TEXT NOT NULL UNIQUE,
  type INTEGER NOT NULL,
  key INTEGER NOT NULL,
  verb INTEGER NOT NULL,
  body TEXT NOT NULL,
  state TEXT,
  status INTEGER NOT NULL DEFAULT 0,
  error_type TEXT,
  error TEXT,
  attempts INTEGER NOT NULL DEFAULT 0,
  made_at INTEGER NOT NULL
);
CREATE INDEX op_object ON op (type, key, id);

-- The next local key (they count down), never used twice.
CREATE TABLE next_key (one INTEGER PRIMARY KEY CHECK (one = 1), key INTEGER NOT NULL);
INSERT INTO next_key VALUES (1, -1);

CREATE TABLE draft (place TEXT PRIMARY KEY, text TEXT NOT NULL, changed_at INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

-- Operations with what each does, as a word; marks that wait and do the same share a fold.
CREATE VIEW folded AS
SELECT *, CASE WHEN type IN (5, 9, 11, 13, 21) AND status <> 2 THEN action || status ELSE id END AS fold
FROM (SELECT *, CASE type
  WHEN 1 THEN 'edit-profile'
  WHEN 3 THEN CASE verb WHEN 0 THEN 'subscribe' WHEN 2 THEN 'unsubscribe' ELSE
    CASE WHEN json_type(body, '$.readUpTo') IS NULL THEN 'edit-subscription' ELSE 'mark-all-read' END END
  WHEN 5 THEN CASE
    WHEN body ->> '$.isStarred' THEN 'star' WHEN body ->> '$.isStarred' = 0 THEN 'unstar'
    WHEN body ->> '$.isLater' THEN 'later' WHEN body ->> '$.isLater' = 0 THEN 'not-later'
    WHEN body ->> '$.isRead' = 0 THEN 'mark-unread' ELSE 'mark-read' END
  WHEN 6 THEN CASE verb WHEN 0 THEN 'new-room' WHEN 2 THEN 'delete-room' ELSE 'edit-room' END
  WHEN 7 THEN CASE verb WHEN 0 THEN 'invite' WHEN 2 THEN 'leave-room' ELSE 'change-role' END
  WHEN 8 THEN CASE verb WHEN 0 THEN 'send-message' WHEN 2 THEN 'delete-message' ELSE 'edit-message' END
  WHEN 9 THEN 'read-room'
  WHEN 10 THEN CASE verb
    WHEN 0 THEN CASE WHEN body ->> '$.boostOfId' IS NOT NULL THEN 'boost' WHEN body ->> '$.replyToId' IS NOT NULL
      THEN 'reply' ELSE 'post' END
    WHEN 2 THEN 'delete-post' ELSE 'edit-post' END
  WHEN 11 THEN CASE verb WHEN 0 THEN 'react' ELSE 'unreact' END
  WHEN 12 THEN CASE verb WHEN 0 THEN 'follow' ELSE 'unfollow' END
  WHEN 13 THEN CASE WHEN body ->> '$.isSaved' THEN 'save-post' ELSE 'unsave-post' END
  WHEN 21 THEN CASE WHEN json_type(body, '$.feedReadTo') IS NULL THEN 'settings' ELSE 'read-feed' END
  ELSE 'change' END AS action
FROM op);
