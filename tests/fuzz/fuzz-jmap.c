/* Whole JMAP requests on a real PostgreSQL: an answer is JSON, and never that the server failed. */
#include "tests/fuzz/fuzz.h"
#include "tests/server/household.h"

#include <string.h>

#define USING                                                                                      \
  "{'using':['urn:ietf:params:jmap:core','urn:ietf:params:jmap:principals',"                       \
  "'urn:ietf:params:jmap:blob','urn:ietf:params:jmap:quota',"                                      \
  "'https://tideline.org/jmap/news','https://tideline.org/jmap/chat',"                             \
  "'https://tideline.org/jmap/social','https://tideline.org/jmap/calendars',"                      \
  "'https://tideline.org/jmap/personal','https://tideline.org/jmap/sync'],'methodCalls':"

const gboolean tl_fuzz_quotes = TRUE;
const char *const tl_fuzz_seeds[] = {
  USING "[['Core/echo',{'a':[1,2.5,null,true,'x']},'c']],'createdIds':{'a':'t1'}}",
  USING "[['Principal/get',{'accountId':'t3','ids':null,'properties':['name','id']},'c']]}",
  USING
  "[['Message/query',{'accountId':'t3','filter':{'operator':'AND','conditions':[{'roomId':'t9'},"
  "{'operator':'NOT','conditions':[{'text':'x'}]},{'before':'2026-01-01T00:00:00Z'}]},"
  "'sort':[{'property':'sentAt','isAscending':false}],'position':0,'limit':5,'calculateTotal':true}"
  ",'q'],"
  "['Message/get',{'accountId':'t3','#ids':{'resultOf':'q','name':'Message/query','path':'/"
  "ids'}},'g']]}",
  USING
  "[['Article/changes',{'accountId':'t3','sinceState':'1.700:710:701,705','maxChanges':2},'c'],"
  "['Article/get',{'accountId':'t3','#ids':{'resultOf':'c','name':'Article/changes','path':'/"
  "created'},"
  "'#properties':{'resultOf':'c','name':'Article/changes','path':'/updatedProperties'}},'g']]}",
  USING
  "[['Room/"
  "set',{'accountId':'t3','create':{'r':{'name':'x','members':['t5'],'kind':'group'}}},'a'],"
  "['Message/set',{'accountId':'t3','create':{'m':{'roomId':'#r','body':'hi @ben',"
  "'@opId':'0f9d6a52-1111-4222-8333-444455556666'}}},'b'],"
  "['Reaction/"
  "set',{'accountId':'t3','create':{'e':{'subjectId':'#m','emoji':'\xf0\x9f\x91\x8d'}}},'d']]}",
  USING "[['Post/set',{'accountId':'t3','ifInState':null,'create':{'p':{'text':'x "
        "@ben','visibility':'mentioned',"
        "'card':{'type':'Article','title':'a','url':'https://a.example/','image':null},"
        "'images':[{'blobId':'b00','type':'image/png','size':1,'width':2,'height':3}]}},"
        "'update':{'t7':{'text':'y','warning':null}},'destroy':['t8'],"
        "'destroyOpIds':{'t8':'0f9d6a52-1111-4222-8333-444455556667'}},'c']]}",
  USING
  "[['Settings/"
  "set',{'accountId':'t3','create':{'s':{'principalId':'t3','weekStart':1,'quietHours':{'from':'22:"
  "00',"
  "'to':'07:00'},'notify':{'a':true}}},'update':{'t3':{'notify/a':false,'notify/"
  "b~1c':null,'quietHours/from':'x'}}},'c'],"
  "['Draft/"
  "set',{'accountId':'t3','create':{'d':{'place':'room:t9','text':'x','extra':{'a':1}}}},'d'],"
  "['Filter/"
  "set',{'accountId':'t3','create':{'f':{'words':'x','action':'hide','kinds':['post']}}},'e']]}",
  USING "[['CalendarEvent/"
        "set',{'accountId':'t3','create':{'e':{'calendarId':'t9','title':'x','start':'2026-11-"
        "23T12:00:00',"
        "'duration':'PT1H','timeZone':'Europe/"
        "Berlin','recurrenceRules':[{'frequency':'weekly','count':3}],"
        "'recurrenceOverrides':{'2026-11-30T12:00:00':{'title':'y'}}}}},'c'],"
        "['Calendar/set',{'accountId':'t3','create':{'c':{'name':'x','color':'blue'}}},'d']]}",
  USING "[['Snapshot/"
        "fetch',{'accountId':'t3','types':['Message','Article','Principal'],'cursor':null,'limit':"
        "3},'s'],"
        "['Search/query',{'accountId':'t3','text':'the \\'tide\\' -x "
        "OR','types':['Message'],'limit':5},'q'],"
        "['Message/queryChanges',{'accountId':'t3','sinceQueryState':'1.1:1:','filter':{}},'w']]}",
  USING "[['Subscription/set',{'accountId':'t3','create':{'s':{'url':'https://feeds.example/"
        "a','title':'A','folder':'f','order':3}}},'c'],"
        "['ReadMarker/"
        "set',{'accountId':'t3','create':{'m':{'roomId':'t9','upTo':9007199254740991}}},'d'],"
        "['Follow/set',{'accountId':'t3','create':{'f':{'principalId':'t5'}}},'e'],"
        "['Principal/set',{'accountId':'t3','update':{'t3':{'name':'Ada','timeZone':'Europe/"
        "Paris','avatarBlobId':null}}},'f']]}",
  USING
  "[['Blob/upload',{'accountId':'t3','create':{'b':{'data':[{'data:asText':'x'},"
  "{'data:asBase64':'AP8='},{'blobId':'#b','offset':0,'length':1}],'type':'text/plain'}}},'a'],"
  "['Blob/get',{'accountId':'t3','ids':['#b'],'properties':['data','size','digest:sha-256'],"
  "'offset':1,'length':2},'b'],"
  "['Blob/lookup',{'accountId':'t3','typeNames':['Message','Post'],'ids':['#b','b00']},'c'],"
  "['Blob/copy',{'accountId':'t3','fromAccountId':'t3','blobIds':['#b']},'d']]}",
  USING "[['Quota/get',{'accountId':'t3','ids':['files'],'properties':['used']},'a'],"
        "['Quota/changes',{'accountId':'t3','sinceState':'q1-2-3-4','maxChanges':1},'b'],"
        "['Quota/query',{'accountId':'t3','filter':{'operator':'NOT','conditions':[{'name':'x'}]},"
        "'sort':[{'property':'used','isAscending':false}],'position':-1,'anchor':'files',"
        "'anchorOffset':1,'limit':1,'calculateTotal':true},'c']]}",
  USING
  "[['PushSubscription/set',{'create':{'s':{'deviceClientId':'d','url':'https://push.example/',"
  "'keys':{'p256dh':'BA==','auth':'AA=='},'expires':'2100-01-01T00:00:00Z','types':['Room']}},"
  "'update':{'t9':{'verificationCode':'x','types':null,'expires':null}},'destroy':['t9']},'a'],"
  "['PushSubscription/get',{'ids':['t9'],'properties':['types','expires']},'b']]}",
  USING "[['CalendarEvent/set',{'accountId':'t3','ifUnchangedSince':{'t9':'1.700:710:701'},"
        "'update':{'t9':{'title':'x'}}},'a'],"
        "['Principal/queryChanges',{'accountId':'t3','sinceQueryState':'1.700:710:701','filter':{"
        "'name':'a','type':'individual'},'sort':[{'property':'name'}],'maxChanges':5,'upToId':'t3',"
        "'calculateTotal':true},'b'],"
        "['ShareNotification/query',{'accountId':'t3','filter':{'objectType':'Calendar',"
        "'after':'2026-01-01T00:00:00Z','objectAccountId':'t3'}},'c'],"
        "['Room/copy',{'accountId':'t3','fromAccountId':'t4','create':{}},'d']]}",
  NULL,
};

static char *folder, *session;

static Household *house;
static char *account_id;

void
tl_fuzz_begin (void)
{
  house = household_new ();
  house->server.search = tl_search_pg_new ();
  folder = g_dir_make_tmp ("tideline-fuzz-XXXXXX", NULL);
  house->server.blobs = tl_blobs_dir_new (folder, NULL);
  session = household_sql (
      house->pg,
      "INSERT INTO people.session (id, account, device, refresh_hash, expires_at) VALUES "
      "(gen_random_uuid(), %" G_GINT64_FORMAT ", 'x', '', now() + interval '1 day') RETURNING id",
      house->ada);
  account_id = g_strdup_printf ("\"t%" G_GINT64_FORMAT "\"", house->ada);
}

void
tl_fuzz_end (void)
{
  house->server.search->class->free (house->server.search);
  house->server.blobs->class->free (house->server.blobs);
  household_free (house);
  g_free (account_id);
  g_free (session);
  g_free (folder);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  GString *text = g_string_new_len ((const char *)data, (gssize)size);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) answer = NULL;
  g_autofree char *response = NULL;

  g_string_replace (text, "\"t3\"", account_id, 0);
  response = tl_jmap_process_for (&house->server, house->pg, house->ada, session, text->str,
                                  text->len, &error);
  g_string_free (text, TRUE);
  g_assert_true ((response == NULL) == (error != NULL));
  if (response == NULL)
    return 0;
  answer = json_from_string (response, &error);
  g_assert_no_error (error);
  if (strstr (response, "\"serverFail\""))
    g_error ("%s", response);
  return 0;
}
