#ifndef VAESWEEP_CLINUX_H
#define VAESWEEP_CLINUX_H

// Linux calls that Swift cannot make: behind _GNU_SOURCE, variadic, between vfork and exec, or in a
// header that Swift's Glibc leaves out. No system header is included here: its types would be this
// module's, and every file that names one would have to import it.

// Starts `path` with `arguments` and `environment`, both ended by NULL. The child's descriptors 0 to
// count - 1 are this process's `descriptors`; it has no others. It starts with the signals of
// `blocked` blocked, of which there are `blocked_count`, and is killed when the calling thread ends, if
// `dies_with_parent`. With `own_group` it leads a process group of its own.
// Returns 0 and the child's number, or errno.
int clinux_spawn(
    const char *path, char *const arguments[], char *const environment[], const int *descriptors,
    int count, const int *blocked, int blocked_count, int dies_with_parent, int own_group, int *child);

// A descriptor that is readable once the process has ended; -1 and errno where there is none.
int clinux_pidfd(int process);

// Keeps a process's first thread, and what it starts from then on, to one CPU; 0, or -1 and errno.
int clinux_keep_to(int process, int cpu);

// 1 where the kernel's clock is kept right by somebody, 0 where it is not; -1 and errno.
int clinux_clock_is_synchronised(void);

// Holds a name that one process of this network namespace can hold at a time, as long as the descriptor
// is open: it is closed on exec. -1 and errno where it is taken (EADDRINUSE).
int clinux_hold_name(const char *name);

// The ends of a pipe, for reading and for writing, closed on exec; 0, or -1 and errno.
int clinux_pipe(int ends[2]);

// No death signal any more for this process.
void clinux_outlive_parent(void);

// A file in memory that can be sealed, closed on exec; -1 and errno where there is none.
int clinux_memory_file(const char *name);

// Lets nobody change such a file any more, whoever holds it; 0, or -1 and errno.
int clinux_seal(int descriptor);

// A counter to be polled, closed on exec, which never blocks; -1 and errno where there is none.
int clinux_eventfd(void);

// Names the calling thread; Linux keeps 15 bytes.
void clinux_name_thread(const char *name);

// What statfs(2) says of the file system that holds a path.
struct clinux_filesystem {
  unsigned long long magic;
  unsigned long long available_bytes;
  // Zero where the file system makes inodes as it needs them.
  unsigned long long inodes;
  unsigned long long free_inodes;
};

// 0, or -1 and errno.
int clinux_statfs(const char *path, struct clinux_filesystem *found);

// 1 where nobody can change a file any more.
int clinux_is_sealed(int descriptor);

#endif
