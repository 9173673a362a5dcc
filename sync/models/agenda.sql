-- name: events
-- Those that touch [?2, ?3) in calendars that ?1 does not hide.
SELECT e.key, e.start, e.duration, e.timeZone, e.showWithoutTime, e.recurrenceRules, e.recurrenceOverrides, e.title,
  e.location, e.status, e.participants ->> ('$.t' || ?1 || '.participationStatus'), e.participants IS NOT NULL
    AND json_type(e.participants, '$.t' || ?1) IS NOT NULL, e.calendarId, c.name, COALESCE(mk.color, c.color, 'blue'),
  COALESCE(m.role, 'owner') <> 'reader', (SELECT max(id) FROM local.op WHERE type = 17 AND key = e.key)
FROM event_span AS s INDEXED BY event_span_end JOIN event AS e ON e.key = s.key
LEFT JOIN calendar AS c ON c.key = e.calendarId LEFT JOIN calendar_mark AS mk ON mk.key = e.calendarId
LEFT JOIN calendar_member AS m ON m.calendarId = e.calendarId AND m.principalId = ?1
WHERE s.endAt >= ?2 AND s.startAt < ?3 AND COALESCE(mk.isHidden, 0) = 0
-- name: calendars
SELECT c.key, 0 FROM calendar AS c ORDER BY tl_sort_key(c.name), c.key
-- name: calendar
SELECT c.name, COALESCE(mk.color, c.color, 'blue'), COALESCE(m.role, 'owner'), mk.isHidden, mk.isDefault,
  (SELECT count(*) FROM calendar_member WHERE calendarId = c.key)
FROM calendar AS c LEFT JOIN calendar_mark AS mk ON mk.key = c.key
LEFT JOIN calendar_member AS m ON m.calendarId = c.key AND m.principalId = ?2
WHERE c.key = ?1
-- name: of-calendar
SELECT key FROM event WHERE calendarId = ?1 OR ?1 = 0 ORDER BY key
