#ifndef VAESWEEP_CLINUX_H
#define VAESWEEP_CLINUX_H

#include <signal.h>
#include <sys/types.h>

// Linux calls that Swift cannot make: behind _GNU_SOURCE, variadic, or between vfork and exec.

// Starts `path` with `arguments` and `environment`, both ended by NULL. The child's descriptors 0 to
// count - 1 are this process's `descriptors`; it has no others. It starts with the signals of
// `blocked` blocked, and is killed when the calling thread ends, if `dies_with_parent`.
// Returns 0 and the child's number, or errno.
int clinux_spawn(
    const char *path, char *const arguments[], char *const environment[], const int *descriptors,
    int count, const sigset_t *blocked, int dies_with_parent, pid_t *child);

// A descriptor that is readable once the process has ended; -1 and errno where there is none.
int clinux_pidfd(pid_t process);

// The ends of a pipe, for reading and for writing, closed on exec; 0, or -1 and errno.
int clinux_pipe(int ends[2]);

// No death signal any more for this process.
void clinux_outlive_parent(void);

// A file in memory that can be sealed, closed on exec; -1 and errno where there is none.
int clinux_memory_file(const char *name);

// Lets nobody change such a file any more, whoever holds it; 0, or -1 and errno.
int clinux_seal(int descriptor);

// 1 where nobody can change a file any more.
int clinux_is_sealed(int descriptor);

#endif
