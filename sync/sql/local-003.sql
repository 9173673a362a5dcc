-- What a person's other devices know of a draft. seen: the versions that its text follows, the newest last; is_dirty:
-- changed here since; more: what was entered beside the text, JSON; other: what another device wrote meanwhile, until
-- the person decides.
CREATE TABLE draft_sync (
  place TEXT PRIMARY KEY, seen TEXT NOT NULL, is_dirty INTEGER NOT NULL, more TEXT, other TEXT, other_more TEXT
) WITHOUT ROWID;
INSERT INTO draft_sync SELECT place, '', 1, NULL, NULL, NULL FROM draft;

-- Operations with what each does, as a word; marks that wait and do the same share a fold.
DROP VIEW folded;
CREATE VIEW folded AS
SELECT *, CASE WHEN type IN (5, 9, 11, 13, 21, 22) AND status <> 2 THEN action || status ELSE id END AS fold
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
  WHEN 22 THEN 'draft'
  WHEN 23 THEN CASE verb WHEN 0 THEN 'add-filter' WHEN 2 THEN 'remove-filter' ELSE 'edit-filter' END
  ELSE 'change' END AS action
FROM op);
