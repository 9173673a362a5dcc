/* session.h: what one signed-in account brings. app/session.c makes and ends it; widgets borrow it and
 * must be gone before. Main thread. */
#pragma once

#include "sync/account.h"
#include "sync/engine.h"
#include "sync/media.h"
#include "sync/models/preferences.h"
#include "sync/replica.h"
#include "ui/device.h"

typedef struct {
  TlAccount *account;
  TlRemote *remote;
  TlReplica *replica;
  TlEngine *engine;
  TlMedia *media;
  TlPreferences *preferences;
  TlDevice *device;
} TlSession;
