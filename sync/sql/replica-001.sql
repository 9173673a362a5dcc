-- replica.db: what the server said, with pending operations laid over it. Columns are the properties of
-- sync/wire/types.c by name; ids are integer keys, dates milliseconds, booleans 0/1/null, JSON text.
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

-- The server's object (JSON) of each row with pending operations; null: the server has none. fresh: the server
-- told it anew while an operation was on its way.
CREATE TABLE base (
  type INTEGER NOT NULL, key INTEGER NOT NULL, json TEXT, fresh INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (type, key)) WITHOUT ROWID;
-- Accepted operations whose effect is in here, and what they made of a local key: a crash between the two files'
-- commits does no harm.
CREATE TABLE applied_op (op_id TEXT PRIMARY KEY, from_key INTEGER, to_key INTEGER) WITHOUT ROWID;
-- While a first sync is done again: the objects that it has not brought yet.
CREATE TABLE stale (type INTEGER NOT NULL, key INTEGER NOT NULL, PRIMARY KEY (type, key)) WITHOUT ROWID;

-- Rows that came otherwise than by a delta (pushed, or as the answer to an operation): asked for again in the next
-- round, because they may be older than what a delta said before.
CREATE TABLE unconfirmed (type INTEGER NOT NULL, key INTEGER NOT NULL, PRIMARY KEY (type, key)) WITHOUT ROWID;

CREATE TABLE principal (
  key INTEGER PRIMARY KEY, type TEXT, name TEXT, login TEXT, description TEXT, timeZone TEXT, avatarBlobId TEXT);

CREATE TABLE feed (
  key INTEGER PRIMARY KEY, url TEXT, homeUrl TEXT, title TEXT, description TEXT, error TEXT, errorAt INTEGER,
  fetchedAt INTEGER);

CREATE TABLE subscription (
  key INTEGER PRIMARY KEY, feedId INTEGER, url TEXT, title TEXT, folder TEXT, "order" INTEGER, muted INTEGER,
  readUpTo INTEGER);
CREATE INDEX subscription_feed ON subscription (feedId);

-- Blocks last: nobody who lists articles reads through them. The lists and counts read indexes only.
CREATE TABLE article (
  key INTEGER PRIMARY KEY, feedId INTEGER, url TEXT, title TEXT, author TEXT, summary TEXT, image TEXT,
  wordCount INTEGER, publishedAt INTEGER, receivedAt INTEGER, blocks TEXT);
CREATE INDEX article_date ON article (publishedAt DESC, key DESC, feedId, receivedAt);
CREATE INDEX article_feed ON article (feedId, publishedAt DESC, key DESC, receivedAt);
CREATE INDEX article_received ON article (feedId, receivedAt, key);

CREATE TABLE article_mark (
  key INTEGER PRIMARY KEY, articleId INTEGER, isRead INTEGER, isStarred INTEGER, isLater INTEGER);
CREATE INDEX article_unread ON article_mark (key) WHERE isRead = 0;
CREATE INDEX article_starred ON article_mark (key) WHERE isStarred;
CREATE INDEX article_later ON article_mark (key) WHERE isLater;

CREATE TABLE room (
  key INTEGER PRIMARY KEY, name TEXT, topic TEXT, kind TEXT, createdBy INTEGER, createdAt INTEGER);

CREATE TABLE room_member (
  key INTEGER PRIMARY KEY, roomId INTEGER, principalId INTEGER, role TEXT, joinedAt INTEGER);
CREATE INDEX room_member_room ON room_member (roomId, principalId);

CREATE TABLE message (
  key INTEGER PRIMARY KEY, roomId INTEGER, senderId INTEGER, body TEXT, replyToId INTEGER, seq INTEGER,
  sentAt INTEGER, editedAt INTEGER);
CREATE INDEX message_room ON message (roomId, seq, senderId, sentAt);

CREATE TABLE read_marker (key INTEGER PRIMARY KEY, roomId INTEGER, upTo INTEGER);

-- Full text: title and text of articles, bodies of messages. rowid is the key. The trigram tables hold only
-- texts in scripts without spaces.
CREATE VIRTUAL TABLE article_text USING fts5 (
  title, body, content='', contentless_delete=1, tokenize="unicode61 remove_diacritics 2");
CREATE VIRTUAL TABLE article_gram USING fts5 (
  title, body, content='', contentless_delete=1, tokenize="trigram");
CREATE VIRTUAL TABLE message_text USING fts5 (
  body, content='', contentless_delete=1, tokenize="unicode61 remove_diacritics 2");
CREATE VIRTUAL TABLE message_gram USING fts5 (
  body, content='', contentless_delete=1, tokenize="trigram");
-- Their trigrams, to find words of one or two letters.
CREATE VIRTUAL TABLE article_gram_terms USING fts5vocab (article_gram, row);
CREATE VIRTUAL TABLE message_gram_terms USING fts5vocab (message_gram, row);
