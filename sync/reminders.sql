-- name: events
-- Events with alerts that touch [?1, ?2) in calendars that are not hidden.
SELECT e.key, e.start, e.duration, e.timeZone, e.showWithoutTime, e.recurrenceRules, e.recurrenceOverrides, e.title,
  e.location, e.alerts, coalesce(m.acknowledgedAt, 0), coalesce(m.snoozedUntil, 0)
FROM event_span AS s INDEXED BY event_span_end JOIN event AS e ON e.key = s.key
LEFT JOIN event_mark AS m ON m.key = e.key
LEFT JOIN calendar_mark AS k ON k.key = e.calendarId
WHERE s.endAt >= ?1 AND s.startAt < ?2 AND (e.alerts IS NOT NULL OR m.snoozedUntil IS NOT NULL)
  AND coalesce(k.isHidden, 0) = 0 AND coalesce(e.status, '') <> 'cancelled'
