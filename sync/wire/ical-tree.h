/* ical-tree.h: the lines and components of an iCalendar text, as they are: what is not understood is kept. Of ical.c
 * and its siblings. */
#pragma once

#include <gio/gio.h>

typedef struct {
  char *text;        /* the whole content line, unfolded */
  char *name;        /* upper case */
  const char *value; /* in text */
  guint line;        /* where it began; 0: made here */
} TlIcalLine;

typedef struct {
  char *name; /* upper case; NULL: the whole text */
  guint line;
  gboolean is_whole; /* its END was there */
  GPtrArray *lines;  /* of TlIcalLine */
  GPtrArray *parts;  /* of TlIcalPart */
} TlIcalPart;

/* `refused` takes sentences about lines that were left out. Fails on what is no iCalendar at all. */
TlIcalPart *tl_ical_part_read (const char *text, gsize length, GPtrArray *refused, GError **error);
TlIcalPart *tl_ical_part_new (const char *name, guint line);
void tl_ical_part_free (TlIcalPart *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TlIcalPart, tl_ical_part_free)

/* The first of that name, or NULL. */
const TlIcalLine *tl_ical_part_line (const TlIcalPart *self, const char *name);
void tl_ical_part_drop_lines (TlIcalPart *self, const char *name);
void tl_ical_part_drop_parts (TlIcalPart *self, const char *name);
/* Takes a content line, unfolded. */
void tl_ical_part_take_line (TlIcalPart *self, char *text);
/* With its BEGIN and END, folded, CRLF. */
void tl_ical_part_write (const TlIcalPart *self, GString *text);
void tl_ical_line_write (const TlIcalLine *self, GString *text);

/* A parameter's value without quotes, or NULL. */
char *tl_ical_line_param (const TlIcalLine *self, const char *name);
/* A value of type TEXT, unescaped and at most `max` bytes; and the other way. */
char *tl_ical_text_read (const char *value, gsize max);
char *tl_ical_text_write (const char *text);
void tl_ical_refuse (GPtrArray *refused, guint line, const char *format, ...) G_GNUC_PRINTF (3, 4);
