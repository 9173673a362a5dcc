-- name: responses
-- The responses of a request: place, method, call id, what steers the round, and whether all is there and moves on.
SELECT key, value ->> 0, value ->> 2, value ->> '$[1].oldState', value ->> '$[1].newState',
       value ->> '$[1].type', value ->> '$[1].description',
       CASE WHEN value ->> 2 GLOB 'p*' THEN json_type (value, '$[1].list') IS 'array'
       ELSE json_type (value, '$[1].oldState') IS 'text' AND json_type (value, '$[1].newState') IS 'text'
        AND json_type (value, '$[1].objects') IS 'object' AND json_type (value, '$[1].destroyed') IS 'object'
        AND json_type (value, '$[1].states') IS 'object'
        AND NOT EXISTS (SELECT 1 FROM json_each (r.value, '$[1].objects') AS o WHERE o.type <> 'array')
        AND NOT EXISTS (SELECT 1 FROM json_each (r.value, '$[1].destroyed') AS d WHERE d.type <> 'array')
        AND NOT EXISTS (SELECT 1 FROM json_each (r.value, '$[1].states') AS s
                        WHERE s.type <> 'text' OR s.value = r.value ->> '$[1].oldState') END
FROM json_each (?1, '$.methodResponses') AS r
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
-- Messages in the array at ?2 of ?1 that are not here yet, by others than ?3, neither read nor of a muted room
-- nor of somebody whom a filter silences.
SELECT CAST (substr (m.value ->> 'roomId', 2) AS INTEGER), CAST (substr (m.value ->> 'id', 2) AS INTEGER)
FROM (SELECT value FROM json_each (?1, ?2) WHERE type = 'object' LIMIT -1) AS m
WHERE NOT EXISTS (SELECT 1 FROM message WHERE key = CAST (substr (m.value ->> 'id', 2) AS INTEGER))
  AND CAST (substr (m.value ->> 'senderId', 2) AS INTEGER) IS NOT ?3
  AND NOT EXISTS (SELECT 1 FROM read_marker r
                  WHERE r.key = CAST (substr (m.value ->> 'roomId', 2) AS INTEGER)
                    AND (r.upTo >= m.value ->> 'seq' OR r.isMuted))
  AND NOT EXISTS (SELECT 1 FROM content_filter f
                  WHERE f.personId = CAST (substr (m.value ->> 'senderId', 2) AS INTEGER) AND f.words IS NULL
                    AND f.action = 'silence' AND COALESCE (instr (f.kinds, '"notifications"'), 1)
                    AND COALESCE (f.expiresAt > unixepoch ('subsec') * 1000, 1));

-- name: notices
-- Notifications in the array at ?2 of ?1 that are not here yet and not read: of room 0.
SELECT 0, CAST (substr (n.value ->> 'id', 2) AS INTEGER)
FROM (SELECT value FROM json_each (?1, ?2) WHERE type = 'object' LIMIT -1) AS n
WHERE NOT n.value ->> 'isRead' AND ?3 IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM notification WHERE key = CAST (substr (n.value ->> 'id', 2) AS INTEGER));

-- name: snapshot
SELECT ?1 ->> '$.methodResponses[0][0]', ?1 ->> '$.methodResponses[0][1].state',
       ?1 ->> '$.methodResponses[0][1].cursor', ?1 ->> '$.methodResponses[0][1].type',
       ?1 ->> '$.methodResponses[0][1].description',
       coalesce (json_type (?1, '$.methodResponses[0][1].state') = 'text'
             AND json_type (?1, '$.methodResponses[0][1].objects') = 'object'
             AND coalesce (json_type (?1, '$.methodResponses[0][1].cursor'), 'null') IN ('text', 'null'), FALSE);

-- name: pushed-types
-- The types of a push: name, and whether objects or destroyed.
SELECT key, 'objects' FROM json_each (?1, '$.objects') WHERE typeof (key) = 'text'
UNION ALL
SELECT key, 'destroyed' FROM json_each (?1, '$.destroyed') WHERE typeof (key) = 'text';

-- name: pushed
-- The objects or ids at ?3 of ?2 came by a push.
INSERT OR IGNORE INTO unconfirmed (type, key)
SELECT ?1, CAST (substr (id, 2) AS INTEGER)
FROM (SELECT CASE type WHEN 'object' THEN value ->> 'id' ELSE value END AS id FROM json_each (?2, ?3))
WHERE id GLOB 't[1-9]*' AND NOT id GLOB 't*[^0-9]*' AND length (id) < 20;

-- name: unconfirmed
SELECT key, type FROM unconfirmed ORDER BY type, key LIMIT ?1;

-- name: confirmed
DELETE FROM unconfirmed
WHERE type = ?1 AND key IN (
  SELECT CAST (substr (CASE each.type WHEN 'object' THEN value ->> 'id' ELSE value END, 2) AS INTEGER)
  FROM json_each (?2, ?3) AS each);
