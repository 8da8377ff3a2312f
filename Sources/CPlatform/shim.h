#ifndef VAESWEEP_CPLATFORM_SHIM_H
#define VAESWEEP_CPLATFORM_SHIM_H

#include <stdint.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/statfs.h>

// An eventfd that is closed on exec and never blocks; -1 and errno when there is none.
static inline int cplatform_eventfd(void) {
  return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
}

// Names the calling thread; Linux keeps 15 bytes. (pthread_setname_np hides behind _GNU_SOURCE.)
static inline void cplatform_name_thread(const char *name) {
  prctl(PR_SET_NAME, name, 0, 0, 0);
}

// What statfs(2) says of the file system that holds a path.
struct cplatform_filesystem {
  uint64_t magic;
  uint64_t available_bytes;
  // Zero where the file system makes inodes as it needs them.
  uint64_t inodes;
  uint64_t free_inodes;
};

// 0, or -1 and errno.
static inline int cplatform_statfs(const char *path, struct cplatform_filesystem *out) {
  struct statfs found;
  if (statfs(path, &found) != 0) return -1;
  out->magic = (uint64_t)(uint32_t)found.f_type;
  out->available_bytes = (uint64_t)found.f_bavail * (uint64_t)found.f_bsize;
  out->inodes = (uint64_t)found.f_files;
  out->free_inodes = (uint64_t)found.f_ffree;
  return 0;
}

#endif
