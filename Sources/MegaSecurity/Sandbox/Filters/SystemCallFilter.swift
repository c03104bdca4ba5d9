// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// Which system calls a command may make.
///
/// Everything is allowed but what is listed: programs differ too much for a list of the allowed. A program of another architecture is
/// killed, because its calls have other numbers.
struct SystemCallFilter: Hashable {
    /// Families of sockets.
    enum Sockets: Hashable {
        /// Not even to itself.
        case none
        /// IPv4 and IPv6, streams and datagrams.
        case internet
    }

    var sockets: Sockets
    var allowsUnixSockets: Bool
    /// Whether namespaces of its own surround the command. Without them more has to be refused.
    var hasNamespaces: Bool

    private enum Number {
        static let notPermitted: UInt16 = 1
        static let unknownCall: UInt16 = 38
        static let unknownFamily: UInt16 = 97
        static let unixFamily: UInt32 = 1
        static let families: [UInt32] = [2, 10]
        static let streamAndDatagram: [UInt32] = [1, 2]
        static let socketTypeMask: UInt32 = 0xF
        /// CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET (sched.h).
        static let namespaceFlags: UInt32 = 0x7E02_0000
        /// S_ISUID and S_ISGID.
        static let setID: UInt32 = 0o6000
        /// O_CREAT and __O_TMPFILE: only with these does open take a mode.
        static let creates: UInt32 = 0x40_0040
        /// TIOCSTI and TIOCLINUX put characters into a terminal's input.
        static let terminalInput: [UInt32] = [0x5412, 0x541C]
        /// FICLONE and the like stay; FS_IOC_SETFLAGS and FS_IOC_FSSETXATTR change attributes.
        static let attributes: [UInt32] = [0x4008_6602, 0x401C_5820]
        /// Calls of the x32 interface have this bit.
        static let otherInterface: UInt32 = 0x4000_0000
    }

    func program(for architecture: Architecture) -> FilterAssembler {
        var code = FilterAssembler()
        code.load(.architecture)
        code.unless(equals: architecture.identifier) { $0.end(.kill) }
        code.load(.number)
        if architecture == .x86_64 { code.when(atLeast: Number.otherInterface) { $0.end(.kill) } }
        func refuse(_ calls: [SystemCall], _ verdict: FilterAssembler.Verdict) {
            for number in calls.compactMap({ $0.number(on: architecture) }) { code.when(equals: number) { $0.end(verdict) } }
        }
        refuse(SystemCall.privileged, .fail(Number.notPermitted))
        refuse(SystemCall.absent, .fail(Number.unknownCall))
        func inspect(_ call: SystemCall, _ argument: Int, _ block: (inout FilterAssembler) -> Void) {
            guard let number = call.number(on: architecture) else { return }
            code.when(equals: number) {
                $0.load(.argument(argument))
                block(&$0)
            }
        }
        inspect(.clone, 0) {
            $0.when(anyOf: Number.namespaceFlags) { $0.end(.fail(Number.notPermitted)) }
            $0.end(.allow)
        }
        inspect(.ioctl, 1) {
            for request in Number.terminalInput + (hasNamespaces ? [] : Number.attributes) {
                $0.when(equals: request) { $0.end(.fail(Number.notPermitted)) }
            }
            $0.end(.allow)
        }
        inspect(.socket, 0) { code in
            if allowsUnixSockets { code.when(equals: Number.unixFamily) { $0.end(.allow) } }
            if sockets == .internet {
                for family in Number.families {
                    code.when(equals: family) {
                        $0.load(.argument(1))
                        $0.mask(Number.socketTypeMask)
                        for type in Number.streamAndDatagram { $0.when(equals: type) { $0.end(.allow) } }
                        $0.end(.fail(Number.notPermitted))
                    }
                }
            }
            code.end(.fail(Number.unknownFamily))
        }
        if !hasNamespaces {
            refuse(SystemCall.contained + SystemCall.metadata, .fail(Number.notPermitted))
            for (call, argument) in SystemCall.onProcess {
                inspect(call, argument) {
                    $0.when(equals: 0) { $0.end(.allow) }
                    $0.end(.fail(Number.notPermitted))
                }
            }
        }
        // Root's files with these bits would make others root, outside, later.
        for (call, mode, flags) in SystemCall.modes {
            func check(_ code: inout FilterAssembler) {
                code.load(.argument(mode))
                code.when(anyOf: Number.setID) { $0.end(.fail(Number.notPermitted)) }
                code.end(.allow)
            }
            inspect(call, flags ?? mode) { code in
                guard flags != nil else { return check(&code) }
                code.when(anyOf: Number.creates) { check(&$0) }
                code.end(.allow)
            }
        }
        code.end(.allow)
        return code
    }
}
