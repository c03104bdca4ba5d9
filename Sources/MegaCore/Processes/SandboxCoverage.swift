// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// Which confines a `CommandRunner` puts around its commands on this machine.
///
/// A runner claims only what it has tried here. What it does not mention, it does not do.
public struct SandboxCoverage: Sendable, Hashable {
    /// One confine.
    public enum Control: String, Sendable, Hashable, CaseIterable, Comparable {
        /// Other people's files, secrets and temporary files cannot be read.
        case fileReads = "file_reads"
        /// Nothing but the chosen folders can be written.
        case fileWrites = "file_writes"
        /// Named paths inside writable folders cannot be written, created, removed or replaced.
        case protectedPaths = "protected_paths"
        /// No network unless asked for.
        case network
        /// A network restricted to a list of destinations can be given.
        case destinations
        /// Other processes can be neither seen nor touched, and the whole tree dies with the command.
        case processes
        /// No namespaces, mounts or privileges can be gained inside.
        case namespaces
        /// System calls are filtered.
        case systemCalls = "system_calls"
        /// Processor time, address space, file size and descriptors are limited.
        case limits
        /// The number of processes is limited.
        case processCount = "process_count"
        /// The memory of all processes together is limited.
        case totalMemory = "total_memory"
        /// Nothing of the host's environment is inherited.
        case environment
        /// No descriptor of the host is inherited.
        case descriptors

        /// In the order of the list.
        public static func < (left: Control, right: Control) -> Bool {
            (allCases.firstIndex(of: left) ?? 0) < (allCases.firstIndex(of: right) ?? 0)
        }

        /// In a few words, for people.
        public var title: String {
            switch self {
            case .fileReads: "reading files"
            case .fileWrites: "writing files"
            case .protectedPaths: "protected paths"
            case .network: "network"
            case .destinations: "allowed destinations"
            case .processes: "other processes"
            case .namespaces: "namespaces and privileges"
            case .systemCalls: "system calls"
            case .limits: "limits per process"
            case .processCount: "number of processes"
            case .totalMemory: "memory altogether"
            case .environment: "environment"
            case .descriptors: "open files of the host"
            }
        }
    }

    /// How it stands with one confine.
    public enum State: Sendable, Hashable {
        /// In force; how, in words.
        case applied(String)
        /// Cannot be had on this machine; why, and what would help.
        case notAvailable(String)
        /// The host did not ask for it.
        case notAsked
    }

    /// What is known of each confine.
    public var states: [Control: State]

    /// A report. Confines left out count as not available.
    public init(_ states: [Control: State] = [:]) { self.states = states }

    /// How it stands with one confine.
    public subscript(control: Control) -> State {
        get { states[control] ?? .notAvailable("this sandbox does not have it") }
        set { states[control] = newValue }
    }

    /// Those of the required confines that are not available.
    public func missing(of required: Set<Control>) -> [Control] {
        required.filter { if case .notAvailable = self[$0] { true } else { false } }.sorted()
    }

    /// A line for each confine.
    public var rendering: [String] {
        Control.allCases.map { control in
            switch self[control] {
            case .applied(let how): "\(control.title): \(how)"
            case .notAvailable(let why): "\(control.title): NOT AVAILABLE, \(why)"
            case .notAsked: "\(control.title): not asked for"
            }
        }
    }
}
