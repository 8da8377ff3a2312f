// For the thread sanitizer: what it can't see of Swift's Mutex.
//
// A lock that has to wait is taken in libswiftSynchronization, which is not instrumented, so that its
// happens-before is lost and two guarded accesses look like a race. Preloaded, this stands before
// those two functions and tells. Only Linux with Swift 6's calling convention.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdint.h>
#include <stdlib.h>

#define LOCK "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
#define UNLOCK "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"

#define SWIFT __attribute__((swiftcall))
#define SELF __attribute__((swift_context))

// Absent in processes without the sanitizer.
__attribute__((weak)) void __tsan_acquire(void *address);
__attribute__((weak)) void __tsan_release(void *address);

static void *next(const char *name) {
  void *function = dlsym(RTLD_NEXT, name);
  if (!function) abort();
  return function;
}

SWIFT void lock_slow(uint32_t thread, SELF void *mutex) __asm__(LOCK);
SWIFT void lock_slow(uint32_t thread, SELF void *mutex) {
  static SWIFT void (*original)(uint32_t, SELF void *);
  if (!original) original = next(LOCK);
  original(thread, mutex);
  if (__tsan_acquire) __tsan_acquire(mutex);
}

SWIFT void unlock_slow(SELF void *mutex) __asm__(UNLOCK);
SWIFT void unlock_slow(SELF void *mutex) {
  static SWIFT void (*original)(SELF void *);
  if (!original) original = next(UNLOCK);
  if (__tsan_release) __tsan_release(mutex);
  original(mutex);
}
