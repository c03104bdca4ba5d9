// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// The processor a filter is for.
enum Architecture: Sendable, CaseIterable {
    case x86_64, arm64

    /// AUDIT_ARCH_… of linux/audit.h.
    var identifier: UInt32 {
        switch self {
        case .x86_64: 0xC000_003E
        case .arm64: 0xC000_00B7
        }
    }

    init?(identifier: UInt32) {
        guard let match = Self.allCases.first(where: { $0.identifier == identifier }) else { return nil }
        self = match
    }
}

/// A system call with its number on each processor; nil where it does not exist (asm/unistd_64.h, asm-generic/unistd.h).
struct SystemCall: Sendable, Hashable {
    let name: String
    let x86_64: UInt32?
    let arm64: UInt32?

    init(_ name: String, _ x86_64: UInt32?, _ arm64: UInt32?) {
        self.name = name
        self.x86_64 = x86_64
        self.arm64 = arm64
    }

    func number(on architecture: Architecture) -> UInt32? {
        switch architecture {
        case .x86_64: x86_64
        case .arm64: arm64
        }
    }

    static let socket = SystemCall("socket", 41, 198)
    static let clone = SystemCall("clone", 56, 220)
    static let clone3 = SystemCall("clone3", 435, 435)
    static let ioctl = SystemCall("ioctl", 16, 29)

    /// Nothing a command has a use for, and each a way to reach the kernel, other processes or other namespaces.
    static let privileged: [SystemCall] = [
        // Namespaces.
        SystemCall("unshare", 272, 97), SystemCall("setns", 308, 268),
        // Other processes.
        SystemCall("ptrace", 101, 117), SystemCall("process_vm_readv", 310, 270), SystemCall("process_vm_writev", 311, 271),
        SystemCall("process_madvise", 440, 440), SystemCall("pidfd_getfd", 438, 438), SystemCall("kcmp", 312, 272),
        SystemCall("move_pages", 279, 239), SystemCall("migrate_pages", 256, 238),
        // Keys.
        SystemCall("keyctl", 250, 219), SystemCall("add_key", 248, 217), SystemCall("request_key", 249, 218),
        // Programs in the kernel, and what observes or stalls it.
        SystemCall("bpf", 321, 280), SystemCall("perf_event_open", 298, 241), SystemCall("userfaultfd", 323, 282),
        SystemCall("fanotify_init", 300, 262), SystemCall("lookup_dcookie", 212, 18), SystemCall("syslog", 103, 116),
        // Mounts and roots.
        SystemCall("mount", 165, 40), SystemCall("umount2", 166, 39), SystemCall("pivot_root", 155, 41), SystemCall("chroot", 161, 51),
        SystemCall("fsopen", 430, 430), SystemCall("fsconfig", 431, 431), SystemCall("fsmount", 432, 432), SystemCall("fspick", 433, 433),
        SystemCall("move_mount", 429, 429), SystemCall("open_tree", 428, 428), SystemCall("open_tree_attr", 467, 467),
        SystemCall("mount_setattr", 442, 442), SystemCall("open_by_handle_at", 304, 265), SystemCall("quotactl", 179, 60),
        SystemCall("quotactl_fd", 443, 443), SystemCall("acct", 163, 89), SystemCall("swapon", 167, 224), SystemCall("swapoff", 168, 225),
        // The machine.
        SystemCall("kexec_load", 246, 104), SystemCall("kexec_file_load", 320, 294), SystemCall("init_module", 175, 105),
        SystemCall("finit_module", 313, 273), SystemCall("delete_module", 176, 106), SystemCall("reboot", 169, 142),
        SystemCall("settimeofday", 164, 170), SystemCall("clock_settime", 227, 112), SystemCall("clock_adjtime", 305, 266),
        SystemCall("adjtimex", 159, 171), SystemCall("sethostname", 170, 161), SystemCall("setdomainname", 171, 162),
        SystemCall("iopl", 172, nil), SystemCall("ioperm", 173, nil), SystemCall("modify_ldt", 154, nil), SystemCall("vhangup", 153, 58),
        // Calls that only old kernels have.
        SystemCall("uselib", 134, nil), SystemCall("_sysctl", 156, nil), SystemCall("nfsservctl", 180, 42), SystemCall("create_module", 174, nil),
        SystemCall("get_kernel_syms", 177, nil), SystemCall("query_module", 178, nil), SystemCall("vserver", 236, nil),
    ]

    /// Programs ask for these and do without when the kernel has not got them.
    static let absent: [SystemCall] = [
        SystemCall("io_uring_setup", 425, 425), SystemCall("io_uring_enter", 426, 426), SystemCall("io_uring_register", 427, 427), clone3,
        // Its mode is in memory, where a filter cannot look.
        SystemCall("openat2", 437, 437),
    ]

    /// Calls that set a file's mode, the argument with the mode, and the one with the flags where only some flags make the mode count.
    static let modes: [(SystemCall, mode: Int, flags: Int?)] = [
        (SystemCall("chmod", 90, nil), 1, nil), (SystemCall("fchmod", 91, 52), 1, nil), (SystemCall("fchmodat", 268, 53), 2, nil),
        (SystemCall("fchmodat2", 452, 452), 2, nil), (SystemCall("creat", 85, nil), 1, nil), (SystemCall("mknod", 133, nil), 1, nil),
        (SystemCall("mknodat", 259, 33), 2, nil), (SystemCall("open", 2, nil), 2, 1), (SystemCall("openat", 257, 56), 3, 2),
    ]

    /// What namespaces contain: without them these reach the host's other processes and shared objects.
    static let contained: [SystemCall] = [
        SystemCall("shmget", 29, 194), SystemCall("semget", 64, 190), SystemCall("msgget", 68, 186), SystemCall("mq_open", 240, 180),
        // These reach every process of the user at once.
        SystemCall("setpriority", 141, 140), SystemCall("ioprio_set", 251, 30),
        // Leaving the process group would outlive the command.
        SystemCall("setsid", 112, 157), SystemCall("setpgid", 109, 154),
    ]

    /// Modes, owners and attributes of any file the user owns: Landlock does not look at these.
    static let metadata: [SystemCall] = [
        SystemCall("chmod", 90, nil), SystemCall("fchmod", 91, 52), SystemCall("fchmodat", 268, 53), SystemCall("fchmodat2", 452, 452),
        SystemCall("chown", 92, nil), SystemCall("fchown", 93, 55), SystemCall("lchown", 94, nil), SystemCall("fchownat", 260, 54),
        SystemCall("setxattr", 188, 5), SystemCall("lsetxattr", 189, 6), SystemCall("fsetxattr", 190, 7), SystemCall("setxattrat", 463, 463),
        SystemCall("removexattr", 197, 14), SystemCall("lremovexattr", 198, 15), SystemCall("fremovexattr", 199, 16),
        SystemCall("removexattrat", 466, 466), SystemCall("file_setattr", 469, 469),
    ]

    /// Calls on a process given first, which may be the caller itself (0) and nobody else, and the argument that names it.
    static let onProcess: [(SystemCall, argument: Int)] = [
        (SystemCall("prlimit64", 302, 261), 0), (SystemCall("sched_setparam", 142, 118), 0), (SystemCall("sched_setscheduler", 144, 119), 0),
        (SystemCall("sched_setaffinity", 203, 122), 0), (SystemCall("sched_setattr", 314, 274), 0),
    ]
}
