// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors
//
// Shows ThreadSanitizer the contended half of Synchronization.Mutex. The uncontended half is compiled into the caller and instrumented
// there. The contended half is in libswiftSynchronization, which is not instrumented and calls the kernel (futex) itself, so a
// hand-over between two threads looks like a data race. Preloaded before a test program, the functions below take the place of the
// library's: they call the real ones and tell the sanitizer what happened. Without a sanitizer in the process they only pass on.

#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#define SWIFT __attribute__((swiftcall))
#define SELF __attribute__((swift_context))

typedef SWIFT void (*lock_function)(uint32_t thread, SELF void *handle);
typedef SWIFT bool (*try_lock_function)(SELF void *handle);
typedef SWIFT void (*unlock_function)(SELF void *handle);
typedef void (*sanitizer_function)(void *address);

static lock_function real_lock;
static try_lock_function real_try_lock;
static unlock_function real_unlock;
static sanitizer_function acquire;
static sanitizer_function release;

#define LOCK_SYMBOL "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
#define TRY_LOCK_SYMBOL "$s15Synchronization12_MutexHandleV12_tryLockSlowSbyF"
#define UNLOCK_SYMBOL "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"

__attribute__((constructor)) static void find_real_functions(void) {
    real_lock = (lock_function)dlsym(RTLD_NEXT, LOCK_SYMBOL);
    real_try_lock = (try_lock_function)dlsym(RTLD_NEXT, TRY_LOCK_SYMBOL);
    real_unlock = (unlock_function)dlsym(RTLD_NEXT, UNLOCK_SYMBOL);
    acquire = (sanitizer_function)dlsym(RTLD_DEFAULT, "__tsan_acquire");
    release = (sanitizer_function)dlsym(RTLD_DEFAULT, "__tsan_release");
}

SWIFT void mutex_lock_slow(uint32_t thread, SELF void *handle) __asm__(LOCK_SYMBOL);
SWIFT void mutex_lock_slow(uint32_t thread, SELF void *handle) {
    if (real_lock == NULL) abort();
    real_lock(thread, handle);
    if (acquire != NULL) acquire(handle);
}

SWIFT bool mutex_try_lock_slow(SELF void *handle) __asm__(TRY_LOCK_SYMBOL);
SWIFT bool mutex_try_lock_slow(SELF void *handle) {
    if (real_try_lock == NULL) abort();
    bool locked = real_try_lock(handle);
    if (locked && acquire != NULL) acquire(handle);
    return locked;
}

SWIFT void mutex_unlock_slow(SELF void *handle) __asm__(UNLOCK_SYMBOL);
SWIFT void mutex_unlock_slow(SELF void *handle) {
    if (real_unlock == NULL) abort();
    if (release != NULL) release(handle);
    real_unlock(handle);
}
