/* topic.h: the channel of a topic (SNS): that somebody was told something, for what else an operator has listening: ids
 * and kinds, never what was written. */
#pragma once

#include "server/services/notify/delivery.h"

extern const TlChannel tl_topic_channel;
