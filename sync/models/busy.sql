-- name: busy
-- What keeps ?1 busy within [?2, ?3): of a calendar of their own, or where they said that they come.
SELECT e.start, e.duration, e.timeZone, e.recurrenceRules, e.recurrenceOverrides
FROM event_span AS s INDEXED BY event_span_end JOIN event AS e ON e.key = s.key
LEFT JOIN calendar_mark AS k ON k.key = e.calendarId
WHERE s.endAt >= ?2 AND s.startAt < ?3 AND coalesce(e.showWithoutTime, 0) = 0
  AND coalesce(e.freeBusyStatus, 'busy') <> 'free' AND coalesce(e.status, '') <> 'cancelled' AND coalesce(k.isHidden, 0) = 0
  AND CASE WHEN json_type(e.participants, '$.t' || ?1) IS NULL
    THEN EXISTS (SELECT 1 FROM calendar_member AS m
                 WHERE m.calendarId = e.calendarId AND m.principalId = ?1 AND m.role = 'owner')
    ELSE e.participants ->> ('$.t' || ?1 || '.participationStatus') IN ('accepted', 'tentative') END
