/* ctl.c: which server a command is about. A stand-alone server that runs keeps its folder's lock: the
 * command goes to its sockets. One that does not run is started for as long as the command takes. */
#include "server/ctl/ctl.h"

static gboolean
open_standalone (TlCtl *self, GError **error)
{
  self->config = tl_config_load (NULL, error);
  if (!self->config)
    return FALSE;
  self->running = tl_standalone_find (self->dir, self->config);
  if (self->running)
    return TRUE;
  if (!tl_standalone_exists (self->dir)) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                 "“%s” is no stand-alone folder yet; make one with: tidelinectl init %s", self->dir,
                 self->dir);
    return FALSE;
  }
  self->own = tl_standalone_start (self->dir, self->config, error);
  return self->own != NULL;
}

static gboolean
open_configured (TlCtl *self, GError **error)
{
  self->config = tl_config_load (self->config_file, error);
  if (!self->config)
    return FALSE;
  if (!self->config->postgresql)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                 "“%s” does not say [postgresql] connection", self->config_file);
  return self->config->postgresql != NULL;
}

gboolean
tl_ctl_open (TlCtl *self, GError **error)
{
  if (!self->dir && !self->config_file) {
    g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED,
                 "Which server? Say --standalone DIR or --config FILE");
    return FALSE;
  }
  if (!(self->dir ? open_standalone (self, error) : open_configured (self, error)))
    return FALSE;
  self->pg = tl_pg_new (self->config->postgresql);
  return TRUE;
}

void
tl_ctl_close (TlCtl *self)
{
  g_clear_pointer (&self->pg, tl_pg_free);
  g_clear_pointer (&self->own, tl_standalone_stop);
  g_clear_pointer (&self->config, tl_config_free);
  g_clear_pointer (&self->config_file, g_free);
  g_clear_pointer (&self->dir, g_free);
}
