/* redis-child.c: the command line of the private Redis (or Valkey), and whether it answers. All of
 * its options are on the command line: there is no file to go stale. */
#include "server/standalone/redis-child.h"

#include <hiredis/hiredis.h>

gboolean
tl_redis_child_prepare (TlChild *child, const char *runtime, GError **error)
{
  static const char *const options[] = {
    "--port",       "0",  "--unixsocketperm",   "700",         "--save",      "",
    "--appendonly", "no", "--maxmemory-policy", "allkeys-lru", "--maxmemory", "64mb",
    "--daemonize",  "no", "--loglevel",         "warning",
  };
  g_autofree char *program = g_find_program_in_path ("redis-server");
  g_autoptr (GPtrArray) argv = g_ptr_array_new ();

  if (!program)
    program = g_find_program_in_path ("valkey-server");
  if (!program) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                 "Redis is not installed (on Debian: apt install redis-server)");
    return FALSE;
  }
  g_ptr_array_add (argv, g_steal_pointer (&program));
  for (guint i = 0; i < G_N_ELEMENTS (options); i++)
    g_ptr_array_add (argv, g_strdup (options[i]));
  g_ptr_array_add (argv, g_strdup ("--dir"));
  g_ptr_array_add (argv, g_strdup (runtime));
  g_ptr_array_add (argv, g_strdup ("--unixsocket"));
  g_ptr_array_add (argv, g_build_filename (runtime, "redis.sock", NULL));
  g_ptr_array_add (argv, NULL);
  child->argv = (char **)g_ptr_array_steal (argv, NULL);
  return TRUE;
}

char *
tl_redis_child_address (const char *runtime)
{
  return g_strdup_printf ("unix:%s/redis.sock", runtime);
}

gboolean
tl_redis_child_answers (const char *runtime)
{
  g_autofree char *path = g_build_filename (runtime, "redis.sock", NULL);
  redisContext *context = redisConnectUnix (path);
  redisReply *reply = context && !context->err ? redisCommand (context, "PING") : NULL;
  gboolean answers = reply && reply->type == REDIS_REPLY_STATUS;

  if (reply)
    freeReplyObject (reply);
  if (context)
    redisFree (context);
  return answers;
}
