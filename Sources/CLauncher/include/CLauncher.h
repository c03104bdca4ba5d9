// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

// What a confined child process needs between its creation and its program, and the Linux calls Swift cannot make itself.
//
// Everything is prepared by the caller; the child makes system calls only, so that it is safe in a process with many threads.
#pragma once
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Resources a launch can limit. */
enum { MEGA_LIMIT_CPU = 0, MEGA_LIMIT_MEMORY, MEGA_LIMIT_FILE, MEGA_LIMIT_DESCRIPTORS, MEGA_LIMIT_CORE, MEGA_LIMIT_PROCESSES };

typedef struct mega_limit {
    /* One of MEGA_LIMIT_…. */
    int resource;
    uint64_t value;
} mega_limit;

typedef struct mega_launch_plan {
    const char *path;
    char *const *argv;
    char *const *envp;
    const char *directory;
    /* The child's descriptors 0, 1, … in order; all others are closed. At most 16. */
    const int *descriptors;
    int descriptor_count;
    /* Open `cgroup.procs` files the child enters before anything else. */
    const int *groups;
    int group_count;
    const mega_limit *limits;
    int limit_count;
    /* Both UINT32_MAX for no change. */
    uint32_t user;
    uint32_t group;
    /* Kill the child when the thread that started it ends. */
    int dies_with_parent;
    int drops_capabilities;
    int no_new_privileges;
    /* A Landlock rule set, or -1. */
    int landlock;
    /* A seccomp program of 8 bytes an instruction, or NULL. */
    const void *filter;
    uint16_t filter_count;
} mega_launch_plan;

/* The step at which a launch failed. */
enum {
    MEGA_STEP_CLONE = 1, MEGA_STEP_SESSION, MEGA_STEP_GROUP, MEGA_STEP_USER, MEGA_STEP_DIRECTORY, MEGA_STEP_LIMIT, MEGA_STEP_CAPABILITIES,
    MEGA_STEP_PRIVILEGES, MEGA_STEP_LANDLOCK, MEGA_STEP_DESCRIPTORS, MEGA_STEP_FILTER, MEGA_STEP_EXECUTE
};

/* Starts the program in a new session. Returns its process id, or the negative error number with the step in *step.
   *process gets a descriptor of the process. Blocks until the program runs or the launch has failed. */
int mega_launch(const mega_launch_plan *plan, int *process, int *step);

/* Sends a signal through a process descriptor. Returns 0 or the negative error number. */
int mega_signal(int process, int signal);
/* A descriptor of a process, or the negative error number. */
int mega_open_process(int pid);
/* Waits for the process to end and returns 0, its exit code in *code, or its signal as 128 and the number; or a negative error number. */
int mega_wait(int process, int *code);

/* Reaps the process if it has ended and is a child of this one. Returns 1 when it was, 0 when not, or a negative error number. */
int mega_reap(int process);
/* Makes this process the parent of descendants whose own parents end. Returns 0 or the negative error number. */
int mega_adopt(void);
/* The id of a child that has ended and was not waited for, 0 when there is none, or a negative error number. It stays as it is. */
int mega_ended_child(void);
/* Waits for a child that has ended. Returns 0 or the negative error number. */
int mega_reap_child(int pid);

/* A descriptor for bytes in memory, closed on execution, or the negative error number. */
int mega_memory(const char *name, const void *bytes, size_t count);
/* Gives a path another name when nothing has that yet. Returns 0 or the negative error number. */
int mega_rename_new(const char *from, const char *to);
/* A counter that wakes a poll, or the negative error number. */
int mega_event(void);

/* A TCP socket that listens on every address of another process's network namespace, which must belong to a user namespace this
   process owns. The socket is the caller's. Returns it, or the negative error number. A port of 0 becomes a free one. */
int mega_listen_in(int pid, uint16_t *port);
/* The next connection of a listening socket, or the negative error number. Neither blocks. */
int mega_accept(int listener);
/* A TCP socket that is being connected to an address of 4 or 16 bytes in network order; writable when it stands or has failed.
   Neither this nor the socket blocks. Negative error number on failure. */
int mega_connect(const uint8_t *address, int length, uint16_t port);
/* The error of a socket whose connection was awaited: 0 for none. */
int mega_connect_error(int socket);

/* Landlock: the version the kernel speaks (0 for none), a rule set, a rule for a path, a rule for a TCP port. */
int mega_landlock_version(void);
int mega_landlock_create(uint64_t files, uint64_t network, uint64_t scopes);
int mega_landlock_allow(int rules, const char *path, uint64_t access);

/* The identifier of this process's architecture in seccomp filters, or 0. */
uint32_t mega_architecture(void);

#ifdef __cplusplus
}
#endif
