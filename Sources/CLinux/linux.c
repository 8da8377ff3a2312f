#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sched.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <sys/timex.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

enum { most_descriptors = 8 };

// What runs in the child, on its parent's memory, until exec: system calls only.
static int become(
    const char *path, char *const arguments[], char *const environment[], const int *descriptors,
    int count, const sigset_t *blocked, int own_group, pid_t parent) {
  int moved[most_descriptors];
  // Out of the way first: a descriptor's own number may be another one's place.
  for (int i = 0; i < count; i++) {
    moved[i] = fcntl(descriptors[i], F_DUPFD_CLOEXEC, most_descriptors);
    if (moved[i] < 0) return errno;
  }
  for (int i = 0; i < count; i++) {
    if (dup2(moved[i], i) < 0) return errno;
  }
  // Linux 5.11; before that what was not opened to close on exec stays.
#ifdef SYS_close_range
  syscall(SYS_close_range, (unsigned)count, ~0U, 4U /* CLOSE_RANGE_CLOEXEC */);
#endif
  if (own_group && setpgid(0, 0) != 0) return errno;
  if (parent != 0) {
    // Before exec, so that it holds whatever the program does while it is loaded.
    if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0) return errno;
    // A parent that is gone already sends nothing.
    if (getppid() != parent) return ESRCH;
  }
  if (sigprocmask(SIG_SETMASK, blocked, NULL) != 0) return errno;
  execve(path, arguments, environment);
  return errno;
}

int clinux_spawn(
    const char *path, char *const arguments[], char *const environment[], const int *descriptors,
    int count, const int *blocked, int blocked_count, int dies_with_parent, int own_group, int *child) {
  if (count < 0 || count > most_descriptors) return EINVAL;
  sigset_t every, before, mask;
  sigfillset(&every);
  sigemptyset(&mask);
  for (int i = 0; i < blocked_count; i++) sigaddset(&mask, blocked[i]);
  // No handler of the parent may run in the child, which shares its memory.
  pthread_sigmask(SIG_BLOCK, &every, &before);
  pid_t parent = dies_with_parent ? getpid() : 0;
  volatile int failure = 0;
  pid_t process = vfork();
  if (process == 0) {
    failure = become(path, arguments, environment, descriptors, count, &mask, own_group, parent);
    _exit(127);
  }
  int code = process < 0 ? errno : failure;
  if (process > 0 && code != 0) {
    while (waitpid(process, NULL, 0) < 0 && errno == EINTR) {
    }
  }
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  if (code == 0) *child = process;
  return code;
}

int clinux_pidfd(int process) {
#ifdef SYS_pidfd_open
  return (int)syscall(SYS_pidfd_open, process, 0U);
#else
  errno = ENOSYS;
  return -1;
#endif
}

// More CPUs than any kernel is built for.
enum { most_cpus = 1 << 16 };

int clinux_keep_to(int process, int cpu) {
  if (cpu < 0 || cpu >= most_cpus) {
    errno = EINVAL;
    return -1;
  }
  cpu_set_t *set = CPU_ALLOC(most_cpus);
  if (set == NULL) return -1;
  size_t size = CPU_ALLOC_SIZE(most_cpus);
  CPU_ZERO_S(size, set);
  CPU_SET_S((size_t)cpu, size, set);
  int code = sched_setaffinity(process, size, set);
  CPU_FREE(set);
  return code;
}

int clinux_clock_is_synchronised(void) {
  struct timex state = {.modes = 0};
  int result = adjtimex(&state);
  return result < 0 ? -1 : result != TIME_ERROR;
}

int clinux_hold_name(const char *name) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  size_t length = strlen(name);
  // The first byte stays zero: a name that is no file.
  if (length + 1 > sizeof address.sun_path) {
    errno = ENAMETOOLONG;
    return -1;
  }
  memcpy(address.sun_path + 1, name, length);
  int descriptor = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (descriptor < 0) return -1;
  socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + length);
  if (bind(descriptor, (struct sockaddr *)&address, size) != 0) {
    int code = errno;
    close(descriptor);
    errno = code;
    return -1;
  }
  return descriptor;
}

int clinux_pipe(int ends[2]) { return pipe2(ends, O_CLOEXEC); }

void clinux_outlive_parent(void) { prctl(PR_SET_PDEATHSIG, 0, 0, 0, 0); }

int clinux_memory_file(const char *name) {
  return memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING);
}

static const int seals = F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE;

int clinux_seal(int descriptor) { return fcntl(descriptor, F_ADD_SEALS, seals); }

int clinux_is_sealed(int descriptor) {
  int present = fcntl(descriptor, F_GET_SEALS);
  return present >= 0 && (present & seals) == seals;
}

int clinux_eventfd(void) { return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK); }

void clinux_name_thread(const char *name) { prctl(PR_SET_NAME, name, 0, 0, 0); }

int clinux_statfs(const char *path, struct clinux_filesystem *found) {
  struct statfs status;
  if (statfs(path, &status) != 0) return -1;
  found->magic = (unsigned int)status.f_type;
  found->available_bytes = (unsigned long long)status.f_bavail * (unsigned long long)status.f_bsize;
  found->inodes = status.f_files;
  found->free_inodes = status.f_ffree;
  return 0;
}
