// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

#pragma once
#include <sodium.h>

#if defined(__linux__)
#include <errno.h>
#include <sys/syscall.h>
#include <unistd.h>

// System calls without a wrapper in the C library; variadic functions cannot be called from Swift.

static inline long megabot_add_key(const char *description, const void *payload, size_t length, long ring) {
    return syscall(SYS_add_key, "user", description, payload, length, (int)ring);
}

static inline long megabot_keyctl(int operation, long first, long second, void *buffer, size_t length) {
    // KEYCTL_DESCRIBE and KEYCTL_READ take buffer and length after the key; the others take two keys.
    return buffer ? syscall(SYS_keyctl, operation, (int)first, buffer, length) : syscall(SYS_keyctl, operation, (int)first, (int)second);
}

static inline int megabot_errno(void) { return errno; }
#endif
