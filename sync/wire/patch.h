/* patch.h: JMAP's PatchObject (RFC 8620, 5.3). */
#pragma once

#include <gio/gio.h>
#include <json-glib/json-glib.h>

/* `object` with `patch` applied, as a new object; neither argument changes. Keys are pointers without
 * their leading "/"; null removes what lies deeper, and sets a property itself to null. Refused with a
 * sentence: a parent that isn't there, anything inside of an array, one pointer being a prefix of
 * another. */
JsonObject *tl_patch_apply (JsonObject *object, JsonObject *patch, GError **error);

/* The name of the property that a patch's key is about. */
char *tl_patch_property (const char *key);
