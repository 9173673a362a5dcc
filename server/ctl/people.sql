-- What tidelinectl asks about people.

-- name: user-list
SELECT p.login, p.name, a.role, a.disabled_at IS NOT NULL AS disabled,
       (SELECT to_char(max(s.used_at) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
        FROM people.session s WHERE s.account = a.id) AS seen,
       (SELECT count(*) FROM people.session s WHERE s.account = a.id AND s.revoked_at IS NULL
          AND s.expires_at > now()) AS devices,
       coalesce(u.octets, 0) AS bytes
FROM people.account a JOIN people.principal p USING (id)
LEFT JOIN storage.usage u ON u.account = a.id
WHERE a.erased_at IS NULL
ORDER BY lower(p.login);
