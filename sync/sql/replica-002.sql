-- The other kinds. Their objects come with a first sync that is done again: nothing is lost meanwhile.
ALTER TABLE message ADD attachments TEXT;
ALTER TABLE message ADD card TEXT;

CREATE TABLE post (
  key INTEGER PRIMARY KEY, authorId INTEGER, text TEXT, warning TEXT, images TEXT, card TEXT, visibility TEXT,
  replyToId INTEGER, boostOfId INTEGER, mentions TEXT, createdAt INTEGER, editedAt INTEGER);
CREATE INDEX post_date ON post (createdAt DESC, key DESC, authorId, replyToId, boostOfId);
CREATE INDEX post_author ON post (authorId, createdAt DESC, key DESC, boostOfId);
CREATE INDEX post_reply ON post (replyToId, createdAt, key) WHERE replyToId IS NOT NULL;
CREATE INDEX post_boost ON post (boostOfId, createdAt DESC, key, authorId) WHERE boostOfId IS NOT NULL;
CREATE INDEX post_mentions ON post (createdAt DESC, key, authorId, mentions) WHERE mentions IS NOT NULL;

CREATE TABLE reaction (
  key INTEGER PRIMARY KEY, subjectId INTEGER, principalId INTEGER, emoji TEXT, reactedAt INTEGER);
CREATE INDEX reaction_subject ON reaction (subjectId, emoji, principalId, reactedAt);

CREATE TABLE follow (key INTEGER PRIMARY KEY, principalId INTEGER, followerId INTEGER, since INTEGER);
CREATE INDEX follow_follower ON follow (followerId, principalId);
CREATE INDEX follow_principal ON follow (principalId, followerId);

CREATE TABLE post_mark (key INTEGER PRIMARY KEY, postId INTEGER, isSaved INTEGER);
CREATE INDEX post_saved ON post_mark (key) WHERE isSaved;

CREATE TABLE calendar (
  key INTEGER PRIMARY KEY, name TEXT, color TEXT, description TEXT, timeZone TEXT, createdBy INTEGER,
  createdAt INTEGER);

CREATE TABLE calendar_member (
  key INTEGER PRIMARY KEY, calendarId INTEGER, principalId INTEGER, role TEXT, joinedAt INTEGER);
CREATE INDEX calendar_member_calendar ON calendar_member (calendarId, principalId);

CREATE TABLE calendar_mark (
  key INTEGER PRIMARY KEY, calendarId INTEGER, isHidden INTEGER, isDefault INTEGER, color TEXT);

CREATE TABLE event (
  key INTEGER PRIMARY KEY, calendarId INTEGER, uid TEXT, title TEXT, description TEXT, location TEXT, start TEXT,
  duration TEXT, timeZone TEXT, showWithoutTime INTEGER, recurrenceRules TEXT, recurrenceOverrides TEXT,
  participants TEXT, alerts TEXT, status TEXT, freeBusyStatus TEXT, links TEXT, madeOfId INTEGER, ical TEXT,
  createdBy INTEGER, createdAt INTEGER, updatedAt INTEGER);
CREATE INDEX event_calendar ON event (calendarId, uid);
-- From the first instance's begin to the last one's end, in milliseconds, kept with each event (span.c). endAt is the
-- largest number there is for what goes on for ever.
CREATE TABLE event_span (key INTEGER PRIMARY KEY, startAt INTEGER NOT NULL, endAt INTEGER NOT NULL);
CREATE INDEX event_span_end ON event_span (endAt, startAt);

CREATE TABLE event_mark (key INTEGER PRIMARY KEY, eventId INTEGER, acknowledgedAt INTEGER, snoozedUntil INTEGER);

CREATE TABLE notification (
  key INTEGER PRIMARY KEY, kind TEXT, subjectId INTEGER, subjectType TEXT, actorId INTEGER, preview TEXT,
  createdAt INTEGER, isRead INTEGER);
CREATE INDEX notification_date ON notification (createdAt DESC);
CREATE INDEX notification_subject ON notification (subjectId);

CREATE TABLE inbox_mark (key INTEGER PRIMARY KEY, subjectId INTEGER, isDone INTEGER, snoozedUntil INTEGER);

CREATE TABLE settings (
  key INTEGER PRIMARY KEY, principalId INTEGER, doNotDisturbUntil INTEGER, quietHours TEXT, quietWhenBusy INTEGER,
  notify TEXT, feedReadTo INTEGER, weekStart INTEGER, secondTimeZone TEXT, reminderMinutes INTEGER);

CREATE TABLE kept_draft (key INTEGER PRIMARY KEY, place TEXT, text TEXT, extra TEXT, changedAt INTEGER);
CREATE INDEX kept_draft_place ON kept_draft (place);

CREATE TABLE content_filter (
  key INTEGER PRIMARY KEY, words TEXT, kinds TEXT, action TEXT, personId INTEGER, expiresAt INTEGER,
  createdAt INTEGER);

CREATE VIRTUAL TABLE post_text USING fts5 (
  body, content='', contentless_delete=1, tokenize="unicode61 remove_diacritics 2");
CREATE VIRTUAL TABLE post_gram USING fts5 (body, content='', contentless_delete=1, tokenize="trigram");
CREATE VIRTUAL TABLE post_gram_terms USING fts5vocab (post_gram, row);
CREATE VIRTUAL TABLE event_text USING fts5 (
  title, body, content='', contentless_delete=1, tokenize="unicode61 remove_diacritics 2");
CREATE VIRTUAL TABLE event_gram USING fts5 (title, body, content='', contentless_delete=1, tokenize="trigram");
CREATE VIRTUAL TABLE event_gram_terms USING fts5vocab (event_gram, row);

INSERT OR IGNORE INTO stale SELECT 1, key FROM principal WHERE key > 0;
INSERT OR IGNORE INTO stale SELECT 2, key FROM feed WHERE key > 0;
INSERT OR IGNORE INTO stale SELECT 3, key FROM subscription WHERE key > 0;
INSERT OR IGNORE INTO stale SELECT 4, key FROM article WHERE key > 0;
INSERT OR IGNORE INTO stale SELECT 5, key FROM article_mark WHERE key > 0;
INSERT OR IGNORE INTO stale SELECT 6, key FROM room WHERE key > 0;
INSERT OR IGNORE INTO stale SELECT 7, key FROM room_member WHERE key > 0;
INSERT OR IGNORE INTO stale SELECT 8, key FROM message WHERE key > 0;
INSERT OR IGNORE INTO stale SELECT 9, key FROM read_marker WHERE key > 0;
DELETE FROM meta WHERE name GLOB 'state:*' OR name GLOB 'snapshot*';
