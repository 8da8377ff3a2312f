#ifndef VAESWEEP_CZEROMQ_SHIM_H
#define VAESWEEP_CZEROMQ_SHIM_H

#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <zmq.h>

// Stands in the draft part of zmq.h, yet works in every release since 4.3.1.
#ifndef ZMQ_ZAP_ENFORCE_DOMAIN
#define ZMQ_ZAP_ENFORCE_DOMAIN 93
#endif

// An eventfd that is closed on exec and never blocks; -1 and errno when there is none.
static inline int czeromq_eventfd(void) {
  return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
}

// Names the calling thread; Linux keeps 15 bytes. (pthread_setname_np hides behind _GNU_SOURCE.)
static inline void czeromq_name_thread(const char *name) {
  prctl(PR_SET_NAME, name, 0, 0, 0);
}

#endif
