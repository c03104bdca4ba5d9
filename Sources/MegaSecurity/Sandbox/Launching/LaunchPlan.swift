// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import CLauncher
import MegaCore

/// A program and everything that has to be so when it starts.
struct LaunchPlan: Sendable {
    struct Limit: Sendable {
        var resource: CInt
        var value: UInt64

        /// The limits of a request that hold for each process.
        static func perProcess(_ limits: CommandRequest.Limits) -> [Limit] {
            [
                Limit(resource: CInt(MEGA_LIMIT_CPU), value: UInt64(max(1, limits.cpuSeconds))),
                Limit(resource: CInt(MEGA_LIMIT_MEMORY), value: UInt64(max(1 << 20, limits.memoryBytes))),
                Limit(resource: CInt(MEGA_LIMIT_FILE), value: UInt64(max(0, limits.fileBytes))),
                // Fewer would not start the sandbox itself.
                Limit(resource: CInt(MEGA_LIMIT_DESCRIPTORS), value: UInt64(max(16, limits.openFiles))),
                Limit(resource: CInt(MEGA_LIMIT_CORE), value: 0),
            ]
        }
    }

    var path: String
    /// Arguments, the program's name first.
    var arguments: [String]
    var environment: [String: String] = [:]
    var directory = "/"
    /// After standard input, output and error: descriptors 3, 4, … of the child.
    var descriptors: [Descriptor] = []
    /// Open `cgroup.procs` files.
    var groups: [Descriptor] = []
    var limits: [Limit] = []
    var identity: CommandIdentity?
    var dropsCapabilities = false
    var landlock: Descriptor?
    var filter: [UInt64]?

    /// Starts it. Blocks for a moment.
    func start(input: Descriptor, output: Descriptor, error: Descriptor) throws(LaunchError) -> (pid: CInt, process: Descriptor) {
        let standard = [input, output, error].map(\.number) + descriptors.map(\.number)
        let groups = groups.map(\.number)
        let limits = limits.map { mega_limit(resource: $0.resource, value: $0.value) }
        let variables = environment.map { "\($0.key)=\($0.value)" }
        var process: CInt = -1
        var step: CInt = 0
        let pid = path.withCString { path in
            directory.withCString { directory in
                CStrings.with(arguments) { arguments in
                    CStrings.with(variables) { variables in
                        standard.withUnsafeBufferPointer { standard in
                            groups.withUnsafeBufferPointer { groups in
                                limits.withUnsafeBufferPointer { limits in
                                    (filter ?? []).withUnsafeBufferPointer { filter in
                                        var plan = mega_launch_plan()
                                        plan.path = path
                                        plan.argv = arguments
                                        plan.envp = variables
                                        plan.directory = directory
                                        plan.descriptors = standard.baseAddress
                                        plan.descriptor_count = CInt(standard.count)
                                        plan.groups = groups.baseAddress
                                        plan.group_count = CInt(groups.count)
                                        plan.limits = limits.baseAddress
                                        plan.limit_count = CInt(limits.count)
                                        plan.user = identity?.user ?? .max
                                        plan.group = identity?.group ?? .max
                                        plan.dies_with_parent = 1
                                        plan.drops_capabilities = dropsCapabilities ? 1 : 0
                                        plan.no_new_privileges = landlock != nil || self.filter != nil ? 1 : 0
                                        plan.landlock = landlock?.number ?? -1
                                        plan.filter = self.filter == nil ? nil : UnsafeRawPointer(filter.baseAddress)
                                        plan.filter_count = UInt16(filter.count)
                                        return LaunchedChildren.start { mega_launch(&plan, &process, &step) }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
        guard pid > 0 else { throw LaunchError(step: step, error: SystemError(-pid)) }
        do {
            return (pid, try Descriptor(owning: process))
        } catch {
            throw LaunchError(step: step, error: error)
        }
    }
}

/// The user commands run as.
public struct CommandIdentity: Sendable, Hashable {
    /// The user's number.
    public var user: UInt32
    /// The group's number; the only group.
    public var group: UInt32

    /// An identity.
    public init(user: UInt32, group: UInt32) {
        self.user = user
        self.group = group
    }
}

/// A launch that failed, and where.
struct LaunchError: Error, CustomStringConvertible {
    let step: CInt
    let error: SystemError

    var description: String {
        let steps = [
            "creating the process", "starting a session", "entering the control group", "changing the user", "entering the folder",
            "setting limits", "dropping capabilities", "giving up new privileges", "confining with Landlock", "passing descriptors",
            "filtering system calls", "starting the program",
        ]
        let name = steps.indices.contains(Int(step) - 1) ? steps[Int(step) - 1] : "starting"
        return "\(name) failed: \(error)"
    }
}

/// Arrays of C strings, ended by a null pointer.
private enum CStrings {
    static func with<Result>(_ strings: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>?) -> Result) -> Result {
        var bytes: [CChar] = []
        var offsets: [Int] = []
        for string in strings {
            offsets.append(bytes.count)
            bytes.append(contentsOf: string.utf8CString)
        }
        if bytes.isEmpty { bytes = [0] }
        return bytes.withUnsafeMutableBufferPointer { buffer in
            let pointers = offsets.map { buffer.baseAddress?.advanced(by: $0) } + [nil]
            return pointers.withUnsafeBufferPointer { body($0.baseAddress) }
        }
    }
}
