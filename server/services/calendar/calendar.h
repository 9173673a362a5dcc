/* calendar.h: the calendar service: five types, and what their files share. A calendar is a scope: owners and members
 * write in it, readers look. Everything here runs within the transaction of one /set call. */
#pragma once

#include "server/services/hooks.h"

extern const TlTypeService tl_calendar_service;
extern const TlTypeService tl_calendar_member_service;
extern const TlTypeService tl_calendar_mark_service;
extern const TlTypeService tl_calendar_event_service;
extern const TlTypeService tl_event_mark_service;

/* Runs statement `name` of calendar.sql with numbers. */
PGresult *tl_calendar_query (TlWrite *write, const char *name, int n, const gint64 *args,
                             GError **error);
/* The scope of calendar `id`, when the writer is in it; 0 with a refusal. It is locked against other changes of who is
 * in it. */
gint64 tl_calendar_lock (TlWrite *write, gint64 id, GError **error);
/* The same without a lock. */
gint64 tl_calendar_find (TlWrite *write, gint64 id, GError **error);
gboolean tl_calendar_may_write (TlWrite *write, gint64 scope);

/* The number of a role in calendar.sql; 0 for what is none. */
gint64 tl_calendar_role (const char *role);
gboolean tl_calendar_add_member (TlWrite *write, gint64 calendar, gint64 scope, gint64 principal,
                                 const char *role, GError **error);
/* Ends `principal`'s membership; what they marked there goes with it. */
gboolean tl_calendar_leave (TlWrite *write, gint64 calendar, gint64 scope, gint64 principal,
                            GError **error);
/* Deletes everything of a calendar but its own row, and ends everybody's membership. */
gboolean tl_calendar_empty (TlWrite *write, gint64 id, gint64 scope, GError **error);
/* Are the files among an event's links such as the writer may read? */
gboolean tl_calendar_check_files (TlWrite *write, JsonObject *event, GError **error);
/* From now on who is in the calendar may read them, and only them. */
gboolean tl_calendar_show_files (TlWrite *write, JsonObject *event, gint64 scope, gint64 id,
                                 GError **error);
/* What goes with an event. */
gboolean tl_calendar_forget_event (TlWrite *write, gint64 id, GError **error);
/* `person` leaves every calendar and takes no part in events; what nobody else is in goes, and what had no other owner is
 * handed over. */
gboolean tl_calendar_forget_person (TlWrite *write, gint64 person, GError **error);
