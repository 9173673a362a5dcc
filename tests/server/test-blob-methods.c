/* Blobs and quotas within requests: RFC 8620, 6.3; RFC 9404; RFC 9425. */
#include "tests/server/words.h"

#include <string.h>

static Household *house;
static char *folder;

/* The response to one call by ada or ben, with ' for ". */
static char *
ask (gint64 who, const char *format, ...)
{
  va_list args;
  g_autofree char *call = NULL;
  GString *text;

  va_start (args, format);
  call = g_strdup_vprintf (format, args);
  va_end (args);
  text = g_string_new_take (household_call_text (house, who, call));
  g_string_replace (text, "\"", "'", 0);
  return g_string_free_and_steal (text);
}

static void
assert_has (const char *text, const char *part)
{
  if (!strstr (text, part))
    g_error ("%s is not in %s", part, text);
}

static char *
upload (gint64 who, const char *text)
{
  g_autofree char *call = g_strdup_printf (
      "['Blob/upload',{'accountId':ACCOUNT,'create':{'x':{'data':[{'data:asText':'%s'}]}}},'c']",
      text);
  g_autoptr (JsonObject) result = household_call (house, who, call, NULL);
  JsonObject *created = json_object_get_object_member (result, "created");

  g_assert_nonnull (created);
  return g_strdup (
      json_object_get_string_member (json_object_get_object_member (created, "x"), "id"));
}

/* As in RFC 9404, 4.1.1: parts of what was made before in the same call, and in the same request. */
static void
test_upload (void)
{
  g_autofree char *calls = g_strdup (
      "[['Blob/upload',{'accountId':ACCOUNT,'create':{"
      "'b1':{'data':[{'data:asText':'The quick brown fox jumped over the lazy dog.'}],"
      "'type':'text/plain'},"
      "'b2':{'data':[{'data:asText':'Hello '},{'blobId':'#b1','offset':4,'length':5},"
      "{'data:asBase64':'IQ=='}]}}},'0'],"
      "['Blob/get',{'accountId':ACCOUNT,'ids':['#b2'],'properties':['data:asText','size']},'1']]");
  g_autoptr (JsonObject) response = household_request (house, house->ada, calls);
  JsonArray *responses = json_object_get_array_member (response, "methodResponses");
  JsonObject *made = json_array_get_object_element (json_array_get_array_element (responses, 0), 1);
  JsonObject *got = json_array_get_object_element (json_array_get_array_element (responses, 1), 1);
  JsonObject *first =
      json_object_get_object_member (json_object_get_object_member (made, "created"), "b1");
  JsonObject *blob = json_array_get_object_element (json_object_get_array_member (got, "list"), 0);

  g_assert_cmpstr (json_object_get_string_member (first, "type"), ==, "text/plain");
  g_assert_cmpint (json_object_get_int_member (first, "size"), ==, 45);
  g_assert_true (json_object_get_null_member (made, "notCreated"));
  g_assert_cmpstr (json_object_get_string_member (blob, "data:asText"), ==, "Hello quick!");
  g_assert_cmpint (json_object_get_int_member (blob, "size"), ==, 12);
  g_assert_cmpuint (json_object_get_size (blob), ==, 3);
}

static void
test_upload_refused (void)
{
  static const struct {
    const char *object, *type;
  } wrong[] = {
    { "{}", "invalidProperties" },
    { "{'data':'x'}", "invalidProperties" },
    { "{'data':[{}]}", "invalidProperties" },
    { "{'data':[{'data:asText':'a','data:asBase64':'YQ=='}]}", "invalidProperties" },
    { "{'data':[{'data:asText':7}]}", "invalidProperties" },
    { "{'data':[{'data:asBase64':'YQ='}]}", "invalidProperties" },
    { "{'data':[{'data:asBase64':'Y Q='}]}", "invalidProperties" },
    { "{'data':[],'type':7}", "invalidProperties" },
    { "{'data':[{'blobId':'#none'}]}", "blobNotFound" },
    { "{'data':[{'blobId':'bnone'}]}", "blobNotFound" },
    { "7", "invalidProperties" },
  };
  g_autofree char *blob = upload (house->ada, "five5");
  g_autofree char *beyond = NULL;
  g_autofree char *others = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++) {
    g_autofree char *text = ask (
        house->ada, "['Blob/upload',{'accountId':ACCOUNT,'create':{'x':%s}},'c']", wrong[i].object);
    g_autofree char *type =
        g_strdup_printf ("'created':null,'notCreated':{'x':{'type':'%s'", wrong[i].type);

    assert_has (text, type);
  }
  beyond = ask (house->ada,
                "['Blob/upload',{'accountId':ACCOUNT,'create':{"
                "'x':{'data':[{'blobId':'%s','offset':3,'length':3}]}}},'c']",
                blob);
  assert_has (beyond, "'x':{'type':'invalidProperties'");
  others = ask (
      house->ben,
      "['Blob/upload',{'accountId':ACCOUNT,'create':{'x':{'data':[{'blobId':'%s'}]}}},'c']", blob);
  assert_has (others, "'x':{'type':'blobNotFound'");
}

/* A file is made and sent in one request. */
static void
test_upload_and_send (void)
{
  gint64 room = make (house, house->ada, "Room", "{'kind':'group','name':'Den'}");
  g_autofree char *calls = g_strdup_printf (
      "[['Blob/upload',{'accountId':ACCOUNT,'create':{'b':{'data':[{'data:asText':'tides'}],"
      "'type':'text/plain'}}},'0'],"
      "['Message/set',{'accountId':ACCOUNT,'create':{'m':{'roomId':'t%" G_GINT64_FORMAT
      "','body':'x','attachments':[{'blobId':'#b','type':'text/plain'}]}}},'1'],"
      "['Blob/lookup',{'accountId':ACCOUNT,'typeNames':['Message'],'ids':['#b']},'2']]",
      room);
  g_autoptr (JsonObject) response = household_request (house, house->ada, calls);
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  g_autofree char *text = NULL;

  json_node_set_object (node, response);
  text = json_to_string (node, FALSE);
  assert_has (text, "\"created\":{\"m\":{");
  assert_has (text, "\"matchedIds\":{\"Message\":[\"t");
}

static void
test_get (void)
{
  g_autofree char *blob = upload (house->ada, "The quick brown fox jumped over the lazy dog.");
  g_autofree char *part =
      ask (house->ada,
           "['Blob/get',{'accountId':ACCOUNT,'ids':['%s','%s','bnone'],'properties':["
           "'data:asText','digest:sha','size'],'offset':4,'length':9},'c']",
           blob, blob);
  g_autofree char *beyond =
      ask (house->ada, "['Blob/get',{'accountId':ACCOUNT,'ids':['%s'],'offset':41,'length':9},'c']",
           blob);
  g_autofree char *stranger =
      ask (house->ben, "['Blob/get',{'accountId':ACCOUNT,'ids':['%s']},'c']", blob);
  g_autofree char *digest = ask (
      house->ada,
      "['Blob/get',{'accountId':ACCOUNT,'ids':['%s'],'properties':['digest:sha-256']},'c']", blob);

  assert_has (part, "'data:asText':'quick bro','digest:sha':'QiRAPtfyX8K6tm1iOAtZ87Xj3Ww=','size'"
                    ":45}],'notFound':['bnone']");
  assert_has (beyond, "'data:asText':'dog.','isTruncated':true,'size':45}");
  assert_has (stranger, "'list':[],'notFound':['b");
  assert_has (digest, "'digest:sha-256':'aLEoK5HeLAVMNmKcuN1EfxLwltPjxYeXjcIkhERjNIM='");
}

/* What is no text is told as base64, and said to be none. */
static void
test_get_bytes (void)
{
  g_autofree char *made =
      ask (house->ada, "['Blob/upload',{'accountId':ACCOUNT,'create':{'x':{'data':["
                       "{'data:asBase64':'//79'}]}}},'c']");
  const char *start = strstr (made, "'id':'") + strlen ("'id':'");
  g_autofree char *blob = g_strndup (start, 65);
  g_autofree char *data =
      ask (house->ada, "['Blob/get',{'accountId':ACCOUNT,'ids':['%s']},'c']", blob);
  g_autofree char *text = ask (
      house->ada,
      "['Blob/get',{'accountId':ACCOUNT,'ids':['%s'],'properties':['data:asText']},'c']", blob);
  g_autofree char *wrong =
      ask (house->ada,
           "['Blob/get',{'accountId':ACCOUNT,'ids':['%s'],'properties':['data:no']},'c']", blob);

  assert_has (data, "'isEncodingProblem':true,'data:asBase64':'//79','size':3}");
  assert_has (text, "'isEncodingProblem':true,'data:asText':null}");
  assert_has (wrong, "'invalidArguments'");
}

static void
test_copy (void)
{
  g_autofree char *blob = upload (house->ada, "copied");
  g_autofree char *copied = ask (house->ada,
                                 "['Blob/copy',{'accountId':ACCOUNT,'fromAccountId':ACCOUNT,"
                                 "'blobIds':['%s','bnone']},'c']",
                                 blob);
  g_autofree char *from =
      ask (house->ada, "['Blob/copy',{'accountId':ACCOUNT,'fromAccountId':'t99999',"
                       "'blobIds':[]},'c']");
  g_autofree char *both = g_strdup_printf ("'copied':{'%s':'%s'},'notCopied':{'bnone':{'type':"
                                           "'notFound'",
                                           blob, blob);

  assert_has (copied, both);
  assert_has (from, "'fromAccountNotFound'");
}

/* Objects are not copied: there is one account, and it is not another one. */
static void
test_copy_objects (void)
{
  g_autofree char *same = ask (house->ada, "['Room/copy',{'accountId':ACCOUNT,"
                                           "'fromAccountId':ACCOUNT,'create':{}},'c']");
  g_autofree char *other = ask (house->ada, "['Room/copy',{'accountId':ACCOUNT,"
                                            "'fromAccountId':'t99999','create':{}},'c']");
  g_autofree char *none = ask (house->ada, "['Room/copy',{'accountId':ACCOUNT,'create':{}},'c']");

  assert_has (same, "'invalidArguments'");
  assert_has (other, "'fromAccountNotFound'");
  assert_has (none, "'invalidArguments'");
}

static void
test_lookup (void)
{
  g_autofree char *blob = upload (house->ada, "shown in a room");
  gint64 room = make (house, house->ada, "Room", "{'kind':'group','name':'Den'}");
  g_autofree char *object = g_strdup_printf ("{'roomId':'t%" G_GINT64_FORMAT
                                             "','body':'see','attachments':[{'blobId':'%s',"
                                             "'type':'text/plain'}]}",
                                             room, blob);
  gint64 message = make (house, house->ada, "Message", "%s", object);
  g_autofree char *found = ask (house->ada,
                                "['Blob/lookup',{'accountId':ACCOUNT,'typeNames':['Message',"
                                "'Post'],'ids':['%s','bnone']},'c']",
                                blob);
  g_autofree char *wanted = g_strdup_printf ("'matchedIds':{'Message':['t%" G_GINT64_FORMAT
                                             "'],'Post':[]}}],'notFound':['bnone']",
                                             message);
  g_autofree char *unknown =
      ask (house->ada, "['Blob/lookup',{'accountId':ACCOUNT,'typeNames':['Feed'],'ids':[]},'c']");
  g_autofree char *stranger =
      ask (house->ben,
           "['Blob/lookup',{'accountId':ACCOUNT,'typeNames':['Message'],'ids':['%s']},'c']", blob);

  assert_has (found, wanted);
  assert_has (unknown, "'unknownDataType'");
  assert_has (stranger, "'list':[],'notFound':['b");
}

/* --- quotas ---------------------------------------------------------------------------------------- */

static char *
quota_state (gint64 who)
{
  g_autoptr (JsonObject) result =
      household_call (house, who, "['Quota/get',{'accountId':ACCOUNT,'ids':[]},'c']", NULL);

  return g_strdup (json_object_get_string_member (result, "state"));
}

static void
test_quota_holds (void)
{
  gint64 max = house->server.config->max_octets;
  g_autofree char *refused = NULL;
  g_autofree char *again = NULL;
  g_autofree char *more = NULL;

  g_free (upload (house->ben, "123456"));
  house->server.config->max_octets = household_number (
      house->pg, "SELECT octets + 3 FROM storage.usage WHERE account = %" G_GINT64_FORMAT,
      house->ben);
  refused = ask (house->ben, "['Blob/upload',{'accountId':ACCOUNT,'create':{'x':{'data':["
                             "{'data:asText':'1234'}]}}},'c']");
  assert_has (refused, "'x':{'type':'overQuota'");
  again = upload (house->ben, "123456");
  more = upload (house->ben, "123");
  house->server.config->max_octets = max;
}

static void
test_quota (void)
{
  g_autofree char *before = quota_state (house->ben);
  g_autofree char *same =
      ask (house->ben, "['Quota/changes',{'accountId':ACCOUNT,'sinceState':'%s'},'c']", before);
  g_autofree char *blob = upload (house->ben, "more of it");
  g_autofree char *changed =
      ask (house->ben, "['Quota/changes',{'accountId':ACCOUNT,'sinceState':'%s'},'c']", before);
  g_autofree char *one =
      ask (house->ben,
           "['Quota/changes',{'accountId':ACCOUNT,'sinceState':'%s','maxChanges':1},'c']", before);
  g_autofree char *never =
      ask (house->ben, "['Quota/changes',{'accountId':ACCOUNT,'sinceState':'q1-2'},'c']");
  g_autofree char *got = ask (house->ben, "['Quota/get',{'accountId':ACCOUNT,'ids':['files','no'],"
                                          "'properties':['hardLimit','resourceType']},'c']");

  assert_has (same, "'hasMoreChanges':false,'created':[],'updated':[],'destroyed':[]");
  assert_has (changed, "'updated':['files','octets'],'destroyed':[],'updatedProperties':['used']");
  assert_has (one, "'hasMoreChanges':true,'created':[],'updated':['files']");
  assert_has (never, "'cannotCalculateChanges'");
  assert_has (got, "'list':[{'id':'files','hardLimit':1000,'resourceType':'count'}],"
                   "'notFound':['no']");
}

static void
test_quota_query (void)
{
  static const char *const cases[][2] = {
    { "'filter':null", "'ids':['files','octets']" },
    { "'filter':{'resourceType':'octets'}", "'ids':['octets']" },
    { "'filter':{'operator':'NOT','conditions':[{'resourceType':'octets'}]}", "'ids':['files']" },
    { "'filter':{'name':'BYTES'}", "'ids':['octets']" },
    { "'filter':{'type':'Email'},'calculateTotal':true", "'total':0,'ids':[]" },
    { "'sort':[{'property':'used','isAscending':false}]", "'ids':['octets','files']" },
    { "'position':-1", "'position':1,'ids':['octets']" },
    { "'anchor':'octets','anchorOffset':-1,'limit':1", "'position':0,'ids':['files']" },
    { "'anchor':'none'", "'anchorNotFound'" },
    { "'filter':{'size':7}", "'unsupportedFilter'" },
    { "'sort':[{'property':'scope'}]", "'unsupportedSort'" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *text =
        ask (house->ben, "['Quota/query',{'accountId':ACCOUNT,%s},'c']", cases[i][0]);

    assert_has (text, cases[i][1]);
  }
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  int status;

  g_test_init (&argc, &argv, NULL);
  house = household_new ();
  folder = g_dir_make_tmp ("tideline-blobs-XXXXXX", NULL);
  house->server.blobs = tl_blobs_dir_new (folder, &error);
  g_assert_no_error (error);
  g_test_add_func ("/blob/upload-joins-text-base64-and-parts", test_upload);
  g_test_add_func ("/blob/upload-says-what-is-wrong", test_upload_refused);
  g_test_add_func ("/blob/uploaded-and-sent-in-one-request", test_upload_and_send);
  g_test_add_func ("/blob/get-gives-ranges-and-digests", test_get);
  g_test_add_func ("/blob/get-tells-text-from-bytes", test_get_bytes);
  g_test_add_func ("/blob/copy-within-the-account", test_copy);
  g_test_add_func ("/blob/lookup-tells-what-shows-it", test_lookup);
  g_test_add_func ("/jmap/copy-needs-another-account", test_copy_objects);
  g_test_add_func ("/quota/holds-and-what-is-there-already-is-free", test_quota_holds);
  g_test_add_func ("/quota/changes-are-exact", test_quota);
  g_test_add_func ("/quota/queries", test_quota_query);
  status = g_test_run ();
  house->server.blobs->class->free (house->server.blobs);
  household_free (house);
  g_free (folder);
  return status;
}
