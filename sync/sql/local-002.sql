-- Files whose bytes wait in uploads/ (sync/uploads.h). sent_at: kept a while, because they are looked at here first.
CREATE TABLE upload (
  blob TEXT PRIMARY KEY, type TEXT NOT NULL, size INTEGER NOT NULL, made_at INTEGER NOT NULL, sent_at INTEGER
) WITHOUT ROWID;
