#ifndef VAESWEEP_CZEROMQ_SHIM_H
#define VAESWEEP_CZEROMQ_SHIM_H

#include <zmq.h>

// Stands in the draft part of zmq.h, yet works in every release since 4.3.1.
#ifndef ZMQ_ZAP_ENFORCE_DOMAIN
#define ZMQ_ZAP_ENFORCE_DOMAIN 93
#endif

#endif
