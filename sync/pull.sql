-- name: responses
-- The responses of a request: place, method, call id and what steers the round.
SELECT key, value ->> 0, value ->> 2, value ->> '$[1].oldState', value ->> '$[1].newState',
       value ->> '$[1].type', value ->> '$[1].description'
FROM json_each (?1, '$.methodResponses')
ORDER BY key;

-- name: told-types
-- The types that the response at ?2 of ?1 tells of.
SELECT key FROM json_each (?1, '$.methodResponses[' || ?2 || '][1].objects')
UNION SELECT key FROM json_each (?1, '$.methodResponses[' || ?2 || '][1].destroyed');

-- name: move-states
UPDATE meta SET value = ?2 WHERE name GLOB 'state:*' AND value = ?1;

-- name: stop-states
-- Those that the response at ?2 of ?1 did not take as far as the others.
UPDATE meta SET value = s.value
FROM json_each (?1, '$.methodResponses[' || ?2 || '][1].states') s WHERE meta.name = 'state:' || s.key;

-- name: arrivals
-- Messages in the array at ?2 of ?1 that are not here yet, by others than ?3, neither read nor of a muted room.
SELECT CAST (substr (m.value ->> 'roomId', 2) AS INTEGER), CAST (substr (m.value ->> 'id', 2) AS INTEGER)
FROM json_each (?1, ?2) AS m
WHERE NOT EXISTS (SELECT 1 FROM message WHERE key = CAST (substr (m.value ->> 'id', 2) AS INTEGER))
  AND CAST (substr (m.value ->> 'senderId', 2) AS INTEGER) IS NOT ?3
  AND NOT EXISTS (SELECT 1 FROM read_marker r
                  WHERE r.key = CAST (substr (m.value ->> 'roomId', 2) AS INTEGER)
                    AND (r.upTo >= m.value ->> 'seq' OR r.isMuted));

-- name: notices
-- Notifications in the array at ?2 of ?1 that are not here yet and not read: of room 0.
SELECT 0, CAST (substr (n.value ->> 'id', 2) AS INTEGER)
FROM json_each (?1, ?2) AS n
WHERE NOT n.value ->> 'isRead' AND ?3 IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM notification WHERE key = CAST (substr (n.value ->> 'id', 2) AS INTEGER));

-- name: snapshot
SELECT ?1 ->> '$.methodResponses[0][0]', ?1 ->> '$.methodResponses[0][1].state',
       ?1 ->> '$.methodResponses[0][1].cursor', ?1 ->> '$.methodResponses[0][1].type',
       ?1 ->> '$.methodResponses[0][1].description';

-- name: pushed-types
-- The types of a push: name, and whether objects or destroyed.
SELECT key, 'objects' FROM json_each (?1, '$.objects')
UNION ALL
SELECT key, 'destroyed' FROM json_each (?1, '$.destroyed');

-- name: pushed
-- The objects or ids at ?3 of ?2 came by a push.
INSERT OR IGNORE INTO unconfirmed (type, key)
SELECT ?1, CAST (substr (CASE type WHEN 'object' THEN value ->> 'id' ELSE value END, 2) AS INTEGER)
FROM json_each (?2, ?3);

-- name: unconfirmed
SELECT key, type FROM unconfirmed ORDER BY type, key LIMIT ?1;

-- name: confirmed
DELETE FROM unconfirmed
WHERE type = ?1 AND key IN (
  SELECT CAST (substr (CASE type WHEN 'object' THEN value ->> 'id' ELSE value END, 2) AS INTEGER)
  FROM json_each (?2, ?3));
