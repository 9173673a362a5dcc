/* What a server tells a client: changes, a page of a snapshot, a push, the answer to the outbox, by the first
 * byte. Whatever comes, it is applied or refused with a sentence, and what a person did is still there. */
#include "tests/fuzz/fuzz.h"

#include "sync/deliver.h"
#include "sync/outbox.h"
#include "sync/pull.h"
#include "tests/sync/fixture.h"

#include <string.h>

#define MESSAGE                                                                                    \
  "{'id':'t7','roomId':'t3','senderId':'t5','seq':1,'body':'hi','sentAt':'2026-11-04T18:00:00Z'}"
const gboolean tl_fuzz_quotes = TRUE;
const char *const tl_fuzz_seeds[] = {
  "c{'methodResponses':[['Sync/"
  "changes',{'oldState':'1.1:1:','newState':'1.2:2:','objects':{'Message':[" MESSAGE
  "]},'destroyed':{'Message':['t9']},'states':{'Article':'1.1:5:'}},'c0'],"
  "['Message/get',{'list':[" MESSAGE "],'notFound':['t6']},'p4']],'sessionState':'x'}",
  "c{'methodResponses':[['error',{'type':'cannotCalculateChanges'},'c1']]}",
  "c{'methodResponses':[['error',{'type':'serverFail','description':'x'},'c2']]}",
  "s{'methodResponses':[['Snapshot/"
  "fetch',{'state':'1.5:5:','cursor':'x','objects':{'Message':[" MESSAGE
  "],'Principal':[{'id':'t5','name':'Ben','type':'individual'}],'Room':[{'id':'t3','name':'x'}]}},'"
  "s0']]}",
  "s{'methodResponses':[['Snapshot/"
  "fetch',{'state':'1.5:5:','cursor':null,'objects':{'Post':[{'id':'t4',"
  "'text':'x','createdAt':'2026-11-04T18:00:00Z','images':[{'blobId':'b1','type':'image/"
  "png'}]}]}},'s0']]}",
  "p{'@type':'SyncPush','scope':'t3','scopeSeq':5,'from':5,'objects':{'Message':[" MESSAGE
  "]},'destroyed':{'Reaction':['t4']}}",
  "d{'methodResponses':[['Message/"
  "set',{'created':{'n1':{'id':'t40','seq':3}},'notCreated':null},'0'],"
  "['Message/set',{'updated':{'t7':null}},'1'],['Message/set',{'destroyed':['t8']},'2']]}",
  "d{'methodResponses':[['Message/"
  "set',{'notCreated':{'n1':{'type':'forbidden','description':'x'}}},'0'],"
  "['error',{'type':'requestTooLarge'},'1'],"
  "['Message/set',{'notDestroyed':{'t8':{'type':'rateLimit'}}},'2']]}",
  NULL,
};

static char *folder;
static TlDb *db;
static TlChanges *changes;

static void
add (const TlType *type, TlVerb verb, gint64 key, const char *json)
{
  g_autoptr (JsonNode) node = json ? json_from_string (json, NULL) : NULL;
  g_autoptr (GError) error = NULL;

  tl_outbox_add (db, changes, type, verb, &key, node ? json_node_dup_object (node) : NULL, &error);
  g_assert_no_error (error);
}

/* Three operations on their way over two messages, all types at one state. */
static GPtrArray *
begin_input (void)
{
  g_autoptr (GError) error = NULL;
  GPtrArray *ops;

  for (guint i = 0; tl_types[i]; i++) {
    g_autofree char *name = g_strdup_printf ("state:%s", tl_types[i]->name);
    tl_replica_set_meta (db, name, "1.1:1:", NULL);
  }
  tl_apply_objects (db, changes, &tl_message_type,
                    "[{\"id\":\"t7\",\"body\":\"a\"},{\"id\":\"t8\",\"body\":\"b\"}]", "$", &error);
  g_assert_no_error (error);
  add (&tl_message_type, TL_OP_CREATE, 0, "{\"roomId\":\"t3\",\"body\":\"new\"}");
  add (&tl_message_type, TL_OP_UPDATE, 7, "{\"body\":\"mine\"}");
  add (&tl_message_type, TL_OP_DESTROY, 8, NULL);
  ops = tl_outbox_take (db, 100, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (ops->len, ==, 3);
  return ops;
}

void
tl_fuzz_begin (void)
{
  folder = fixture_dir ();
  db = fixture_db (folder);
  changes = tl_changes_new ();
}

void
tl_fuzz_end (void)
{
  tl_changes_free (changes);
  tl_db_close (db);
  fixture_remove (folder);
}

static gboolean
apply_pull (const char *json, GError **error)
{
  g_autoptr (GArray) arrivals = g_array_new (FALSE, FALSE, sizeof (TlArrival));
  TlPull pull = { .me = 1, .arrivals = arrivals };

  return tl_pull_apply (db, changes, &pull, json, error);
}

static gboolean
apply_push (const char *json, GError **error)
{
  g_autoptr (GArray) arrivals = g_array_new (FALSE, FALSE, sizeof (TlArrival));
  TlPull pull = { .me = 1, .arrivals = arrivals };

  return tl_push_apply (db, changes, &pull, json, error);
}

static gboolean
apply_snapshot (const char *json, GError **error)
{
  g_autofree char *cursor = NULL;
  guint count = 0;

  return tl_snapshot_apply (db, changes, json, &cursor, &count, error);
}

/* Whatever the answer is, an operation is done, refused or waits. */
static gboolean
apply_delivery (GPtrArray *ops, const char *json, GError **error)
{
  g_autoptr (GBytes) answer = g_bytes_new (json, strlen (json));
  TlDelivered out = { 0 };
  g_autoptr (GPtrArray) left = NULL;

  if (!tl_deliver_apply (db, changes, ops, answer, &out, error))
    return FALSE;
  g_free (out.waits);
  left = tl_outbox_list (db, NULL);
  for (guint i = 0; i < left->len; i++)
    g_assert_cmpint (((TlOp *)left->pdata[i])->status, !=, TL_OP_SENDING);
  return TRUE;
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char *text = g_strndup ((const char *)data, size);
  g_autoptr (GPtrArray) ops = begin_input ();
  g_autoptr (GError) error = NULL;
  gboolean is_applied;

  if (*text == 'c')
    is_applied = apply_pull (text + 1, &error);
  else if (*text == 's')
    is_applied = apply_snapshot (text + 1, &error);
  else if (*text == 'p')
    is_applied = apply_push (text + 1, &error);
  else if (*text == 'd')
    is_applied = apply_delivery (ops, text + 1, &error);
  else
    is_applied = TRUE;
  g_assert_true (is_applied == (error == NULL));
  g_assert_true (error == NULL || *error->message);
  tl_db_rollback (db);
  g_assert_true (tl_db_begin (db, NULL));
  return 0;
}
