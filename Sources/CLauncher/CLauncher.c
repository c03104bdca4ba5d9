// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

#define _GNU_SOURCE
#include "CLauncher.h"
#include <errno.h>

#if defined(__linux__)
#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/nsfs.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef CLONE_PIDFD
#define CLONE_PIDFD 0x00001000
#endif
#ifndef P_PIDFD
#define P_PIDFD 3
#endif
#ifndef __NR_pidfd_send_signal
#define __NR_pidfd_send_signal 424
#endif
#ifndef __NR_pidfd_open
#define __NR_pidfd_open 434
#endif
#ifndef __NR_close_range
#define __NR_close_range 436
#endif
#ifndef __NR_landlock_create_ruleset
#define __NR_landlock_create_ruleset 444
#define __NR_landlock_add_rule 445
#define __NR_landlock_restrict_self 446
#endif

enum { most_descriptors = 16, stack_bytes = 128 * 1024 };

#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define UNINSTRUMENTED __attribute__((no_sanitize("thread"), noinline))
#endif
#endif
#ifdef UNINSTRUMENTED
#define SHARES_MEMORY 0
#else
#define UNINSTRUMENTED
#define SHARES_MEMORY 0x00000100 /* CLONE_VM */
#endif

typedef struct launch_state {
    const mega_launch_plan *plan;
    volatile int error;
    volatile int step;
} launch_state;

/* What runs in the child calls the kernel directly: the library's functions may take locks that another thread held, above all those a
   sanitizer puts in their place. */
UNINSTRUMENTED static int close_from(int first) {
    if (syscall(__NR_close_range, (unsigned)first, ~0U, 0) == 0) return 0;
    if (errno != ENOSYS) return -1;
    struct rlimit limit;
    if (syscall(SYS_prlimit64, 0, RLIMIT_NOFILE, NULL, &limit) != 0) return -1;
    rlim_t last = limit.rlim_cur > 1048576 ? 1048576 : limit.rlim_cur;
    for (rlim_t index = (rlim_t)first; index < last; index++) syscall(SYS_close, (int)index);
    return 0;
}

UNINSTRUMENTED static int drop_capabilities(void) {
    for (int capability = 0; capability <= 63; capability++) {
        if (syscall(SYS_prctl, PR_CAPBSET_READ, capability, 0, 0, 0) < 0) break;
        if (syscall(SYS_prctl, PR_CAPBSET_DROP, capability, 0, 0, 0) != 0 && errno != EPERM) return -1;
    }
    syscall(SYS_prctl, PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
    struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct none[2] = {{0, 0, 0}, {0, 0, 0}};
    return (int)syscall(SYS_capset, &header, none);
}

/* Runs a function in a new process while this thread waits until that has ended or become a program. No signal handler of this process
   may run there, for it shares this process's memory; under the thread sanitizer, which takes that for a fork, it gets a copy. */
UNINSTRUMENTED static int start(int (*function)(void *), void *context, int flags, int *process) {
    void *stack = mmap(NULL, stack_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
    if (stack == MAP_FAILED) return -errno;
    sigset_t every, before;
    sigfillset(&every);
    pthread_sigmask(SIG_SETMASK, &every, &before);
    int saved = errno;
    flags |= SHARES_MEMORY | CLONE_VFORK | CLONE_PIDFD | SIGCHLD;
#if SHARES_MEMORY
    int pid = clone(function, (char *)stack + stack_bytes, flags, context, process, NULL, NULL);
#else
    // The first three arguments are in this order on every processor known here.
    int pid = (int)syscall(SYS_clone, flags, NULL, process, NULL, NULL);
    if (pid == 0) syscall(SYS_exit_group, function(context));
#endif
    int error = errno;
    errno = saved;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    munmap(stack, stack_bytes);
    return pid < 0 ? -error : pid;
}

/* Memory both processes see. */
static void *shared(size_t count) {
    void *memory = mmap(NULL, count, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    return memory == MAP_FAILED ? NULL : memory;
}

/* Runs in the child: system calls only. */
UNINSTRUMENTED static int child(void *context) {
    launch_state *state = context;
    const mega_launch_plan *plan = state->plan;

    state->step = MEGA_STEP_SESSION;
    // The kernel's own structure, all zero: the default action.
    static const uint64_t fallback[8];
    for (int number = 1; number < 65; number++) syscall(SYS_rt_sigaction, number, fallback, NULL, 8);
    if (syscall(SYS_setsid) < 0) goto failed;

    state->step = MEGA_STEP_GROUP;
    for (int index = 0; index < plan->group_count; index++)
        if (syscall(SYS_write, plan->groups[index], "0", 1) != 1) goto failed;

    state->step = MEGA_STEP_USER;
    if (plan->user != UINT32_MAX) {
        // Not the library's functions: they would change every thread's user.
        if (syscall(SYS_setgroups, 0, NULL) != 0) goto failed;
        if (syscall(SYS_setresgid, plan->group, plan->group, plan->group) != 0) goto failed;
        if (syscall(SYS_setresuid, plan->user, plan->user, plan->user) != 0) goto failed;
    }

    state->step = MEGA_STEP_DIRECTORY;
    if (plan->directory && syscall(SYS_chdir, plan->directory) != 0) goto failed;
    syscall(SYS_umask, 022);

    state->step = MEGA_STEP_DESCRIPTORS;
    int moved[most_descriptors];
    for (int index = 0; index < plan->descriptor_count; index++) {
        moved[index] = (int)syscall(SYS_fcntl, plan->descriptors[index], F_DUPFD_CLOEXEC, most_descriptors);
        if (moved[index] < 0) goto failed;
    }
    int rules = plan->landlock;
    if (rules >= 0 && (rules = (int)syscall(SYS_fcntl, rules, F_DUPFD_CLOEXEC, most_descriptors)) < 0) goto failed;
    for (int index = 0; index < plan->descriptor_count; index++)
        if (syscall(SYS_dup3, moved[index], index, 0) < 0) goto failed;

    state->step = MEGA_STEP_CAPABILITIES;
    if (plan->drops_capabilities && drop_capabilities() != 0) goto failed;

    state->step = MEGA_STEP_PRIVILEGES;
    if (plan->dies_with_parent && syscall(SYS_prctl, PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0) goto failed;
    if (plan->no_new_privileges && syscall(SYS_prctl, PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) goto failed;

    state->step = MEGA_STEP_LANDLOCK;
    if (rules >= 0 && syscall(__NR_landlock_restrict_self, rules, 0) != 0) goto failed;

    state->step = MEGA_STEP_DESCRIPTORS;
    if (close_from(plan->descriptor_count) != 0) goto failed;

    state->step = MEGA_STEP_LIMIT;
    static const int resources[] = {RLIMIT_CPU, RLIMIT_AS, RLIMIT_FSIZE, RLIMIT_NOFILE, RLIMIT_CORE, RLIMIT_NPROC};
    for (int index = 0; index < plan->limit_count; index++) {
        int resource = resources[plan->limits[index].resource];
        // A hard limit below the one asked for stays: it is the stricter.
        struct rlimit limit;
        if (syscall(SYS_prlimit64, 0, resource, NULL, &limit) != 0) goto failed;
        rlim_t value = plan->limits[index].value;
        if (limit.rlim_max != RLIM_INFINITY && value > limit.rlim_max) value = limit.rlim_max;
        limit.rlim_cur = value;
        limit.rlim_max = value;
        if (syscall(SYS_prlimit64, 0, resource, &limit, NULL) != 0) goto failed;
    }

    state->step = MEGA_STEP_FILTER;
    static const uint64_t none;
    syscall(SYS_rt_sigprocmask, SIG_SETMASK, &none, NULL, 8);
    if (plan->filter) {
        struct sock_fprog program = {plan->filter_count, (struct sock_filter *)plan->filter};
        if (syscall(SYS_prctl, PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0) != 0) goto failed;
    }

    state->step = MEGA_STEP_EXECUTE;
    syscall(SYS_execve, plan->path, plan->argv, plan->envp);

failed:
    state->error = errno ? errno : EIO;
    syscall(SYS_exit_group, 127);
    return 127;
}

UNINSTRUMENTED int mega_launch(const mega_launch_plan *plan, int *process, int *step) {
    *process = -1;
    *step = MEGA_STEP_CLONE;
    if (plan->descriptor_count > most_descriptors) return -EINVAL;
    launch_state *state = shared(sizeof *state);
    if (!state) return -errno;
    state->plan = plan;
    int pid = start(child, state, 0, process);
    int error = pid < 0 ? -pid : state->error;
    if (pid >= 0 && error) *step = state->step;
    munmap(state, sizeof *state);
    if (pid < 0) return -error;
    if (error) {
        int code;
        mega_wait(*process, &code);
        close(*process);
        *process = -1;
        return -error;
    }
    *step = 0;
    return pid;
}

int mega_signal(int process, int signal) {
    return syscall(__NR_pidfd_send_signal, process, signal, NULL, 0) == 0 ? 0 : -errno;
}

int mega_open_process(int pid) {
    int process = (int)syscall(__NR_pidfd_open, pid, 0);
    return process < 0 ? -errno : process;
}

int mega_wait(int process, int *code) {
    siginfo_t info;
    memset(&info, 0, sizeof info);
    int result;
    do result = waitid((idtype_t)P_PIDFD, (id_t)process, &info, WEXITED | __WALL);
    while (result != 0 && errno == EINTR);
    if (result != 0) return -errno;
    *code = info.si_code == CLD_EXITED ? info.si_status : 128 + info.si_status;
    return 0;
}

int mega_reap(int process) {
    siginfo_t info;
    memset(&info, 0, sizeof info);
    if (waitid((idtype_t)P_PIDFD, (id_t)process, &info, WEXITED | WNOHANG | __WALL) != 0) return -errno;
    return info.si_pid != 0;
}

int mega_adopt(void) { return prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0 ? 0 : -errno; }

int mega_ended_child(void) {
    siginfo_t info;
    memset(&info, 0, sizeof info);
    if (waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT | __WALL) != 0) return errno == ECHILD ? 0 : -errno;
    return info.si_pid;
}

int mega_reap_child(int pid) {
    siginfo_t info;
    return waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | __WALL) == 0 ? 0 : -errno;
}

int mega_memory(const char *name, const void *bytes, size_t count) {
    int descriptor = memfd_create(name, MFD_CLOEXEC);
    if (descriptor < 0) return -errno;
    size_t done = 0;
    while (done < count) {
        ssize_t written = write(descriptor, (const char *)bytes + done, count - done);
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) {
            int error = errno ? errno : EIO;
            close(descriptor);
            return -error;
        }
        done += (size_t)written;
    }
    if (lseek(descriptor, 0, SEEK_SET) != 0) {
        int error = errno;
        close(descriptor);
        return -error;
    }
    return descriptor;
}

int mega_rename_new(const char *from, const char *to) {
    return syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 1U) == 0 ? 0 : -errno;
}

int mega_event(void) {
    int descriptor = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    return descriptor < 0 ? -errno : descriptor;
}

typedef struct listen_state {
    int network;
    int owner;
    uint16_t port;
    volatile int socket;
    volatile int error;
} listen_state;

/* Shares descriptors with the parent, so that the socket made here is the parent's. */
UNINSTRUMENTED static int listener(void *context) {
    listen_state *state = context;
    if (syscall(SYS_setns, state->owner, CLONE_NEWUSER) != 0) goto failed;
    if (syscall(SYS_setns, state->network, CLONE_NEWNET) != 0) goto failed;
    int made = (int)syscall(SYS_socket, AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (made < 0) goto failed;
    // The loopback interface may not be up yet, and there is no other: every address is as good as 127.0.0.1.
    struct sockaddr_in address = {0};
    address.sin_family = AF_INET;
    address.sin_port = htons(state->port);
    if (syscall(SYS_bind, made, &address, sizeof address) != 0 || syscall(SYS_listen, made, 64) != 0) {
        state->error = errno;
        syscall(SYS_close, made);
        syscall(SYS_exit_group, 1);
    }
    state->socket = made;
    syscall(SYS_exit_group, 0);
failed:
    state->error = errno ? errno : EIO;
    syscall(SYS_exit_group, 1);
    return 1;
}

UNINSTRUMENTED int mega_listen_in(int pid, uint16_t *port) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/ns/net", (int)pid);
    listen_state state = {-1, -1, *port, -1, 0};
    state.network = open(path, O_RDONLY | O_CLOEXEC);
    if (state.network < 0) return -errno;
    state.owner = ioctl(state.network, NS_GET_USERNS);
    if (state.owner < 0) {
        int error = errno;
        close(state.network);
        return -error;
    }
    int result, process = -1;
    listen_state *copy = shared(sizeof *copy);
    if (!copy) {
        result = -errno;
    } else {
        *copy = state;
        int made = start(listener, copy, CLONE_FILES, &process);
        if (made >= 0) {
            int code;
            mega_wait(process, &code);
            close(process);
        }
        result = made < 0 ? made : copy->error ? -copy->error : copy->socket;
        munmap(copy, sizeof *copy);
    }
    close(state.network);
    close(state.owner);
    if (result < 0) return result;
    struct sockaddr_in address;
    socklen_t length = sizeof address;
    if (getsockname(result, (struct sockaddr *)&address, &length) != 0) {
        int error = errno;
        close(result);
        return -error;
    }
    *port = ntohs(address.sin_port);
    return result;
}

int mega_accept(int listener) {
    int made = accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    return made < 0 ? -errno : made;
}

int mega_connect(const uint8_t *address, int length, uint16_t port) {
    struct sockaddr_storage storage;
    memset(&storage, 0, sizeof storage);
    socklen_t size;
    if (length == 4) {
        struct sockaddr_in *four = (struct sockaddr_in *)&storage;
        four->sin_family = AF_INET;
        four->sin_port = htons(port);
        memcpy(&four->sin_addr, address, 4);
        size = sizeof *four;
    } else if (length == 16) {
        struct sockaddr_in6 *six = (struct sockaddr_in6 *)&storage;
        six->sin6_family = AF_INET6;
        six->sin6_port = htons(port);
        memcpy(&six->sin6_addr, address, 16);
        size = sizeof *six;
    } else {
        return -EINVAL;
    }
    int made = socket(storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (made < 0) return -errno;
    if (connect(made, (struct sockaddr *)&storage, size) != 0 && errno != EINPROGRESS) {
        int error = errno;
        close(made);
        return -error;
    }
    return made;
}

int mega_connect_error(int socket) {
    int error = 0;
    socklen_t size = sizeof error;
    return getsockopt(socket, SOL_SOCKET, SO_ERROR, &error, &size) == 0 ? error : errno;
}

/* The kernel's interface for Landlock, written out because the system's header may be older than the kernel (landlock(7)). */
struct ruleset_attributes {
    uint64_t handled_access_fs;
    uint64_t handled_access_net;
    uint64_t scoped;
};
struct __attribute__((packed)) path_rule {
    uint64_t allowed_access;
    int32_t parent_fd;
};

int mega_landlock_version(void) {
    long version = syscall(__NR_landlock_create_ruleset, NULL, 0, 1U);
    return version < 0 ? 0 : (int)version;
}

int mega_landlock_create(uint64_t files, uint64_t network, uint64_t scopes) {
    struct ruleset_attributes attributes = {files, network, scopes};
    // Older kernels know a shorter structure and refuse a longer one unless the rest is zero.
    int rules = (int)syscall(__NR_landlock_create_ruleset, &attributes, sizeof attributes, 0U);
    return rules < 0 ? -errno : rules;
}

int mega_landlock_allow(int rules, const char *path, uint64_t access) {
    int descriptor = open(path, O_PATH | O_CLOEXEC);
    if (descriptor < 0) return -errno;
    struct stat status;
    if (fstat(descriptor, &status) != 0) {
        int error = errno;
        close(descriptor);
        return -error;
    }
    // Only EXECUTE, WRITE_FILE, READ_FILE, TRUNCATE and IOCTL_DEV apply to what is no folder.
    if (!S_ISDIR(status.st_mode)) access &= (1ULL << 0) | (1ULL << 1) | (1ULL << 2) | (1ULL << 14) | (1ULL << 15);
    struct path_rule rule = {access, descriptor};
    int result = syscall(__NR_landlock_add_rule, rules, 1, &rule, 0U) == 0 ? 0 : -errno;
    close(descriptor);
    return result;
}

uint32_t mega_architecture(void) {
#if defined(__x86_64__) && !defined(__ILP32__)
    return AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
    return AUDIT_ARCH_AARCH64;
#else
    return 0;
#endif
}

#else

int mega_launch(const mega_launch_plan *plan, int *process, int *step) {
    (void)plan;
    *process = -1;
    *step = MEGA_STEP_CLONE;
    return -ENOSYS;
}
int mega_signal(int process, int signal) { (void)process; (void)signal; return -ENOSYS; }
int mega_open_process(int pid) { (void)pid; return -ENOSYS; }
int mega_wait(int process, int *code) { (void)process; (void)code; return -ENOSYS; }
int mega_reap(int process) { (void)process; return -ENOSYS; }
int mega_adopt(void) { return -ENOSYS; }
int mega_ended_child(void) { return 0; }
int mega_reap_child(int pid) { (void)pid; return -ENOSYS; }
int mega_memory(const char *name, const void *bytes, size_t count) { (void)name; (void)bytes; (void)count; return -ENOSYS; }
int mega_rename_new(const char *from, const char *to) { (void)from; (void)to; return -ENOSYS; }
int mega_event(void) { return -ENOSYS; }
int mega_listen_in(int pid, uint16_t *port) { (void)pid; (void)port; return -ENOSYS; }
int mega_accept(int listener) { (void)listener; return -ENOSYS; }
int mega_connect(const uint8_t *address, int length, uint16_t port) { (void)address; (void)length; (void)port; return -ENOSYS; }
int mega_connect_error(int socket) { (void)socket; return ENOSYS; }
int mega_landlock_version(void) { return 0; }
int mega_landlock_create(uint64_t files, uint64_t network, uint64_t scopes) { (void)files; (void)network; (void)scopes; return -ENOSYS; }
int mega_landlock_allow(int rules, const char *path, uint64_t access) { (void)rules; (void)path; (void)access; return -ENOSYS; }
uint32_t mega_architecture(void) { return 0; }

#endif
