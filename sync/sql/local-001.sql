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
