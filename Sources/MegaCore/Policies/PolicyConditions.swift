// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// When a rule holds, besides what it is about. An empty list demands nothing; every list that is not empty has to be met.
public struct PolicyConditions: Sendable, Hashable, Codable {
    /// Modes of the conversation.
    public var modes: Set<Mode>
    /// Platforms (`telegram`), channels (`telegram:default`) or conversations (`telegram:default:1234`).
    public var channels: Set<String>
    /// Persons whose turn it is, such as `websocket:owner`.
    public var people: Set<String>
    /// Absolute folders the command works in or below, or the paths of the call lie in.
    public var folders: Set<String>
    /// Times; one of them has to be open.
    public var times: [TimeWindow]
    /// From then on the rule is as if it were not there.
    public var expiresAt: Date?

    /// Makes conditions; none unless given.
    public init(
        modes: Set<Mode> = [], channels: Set<String> = [], people: Set<String> = [], folders: Set<String> = [], times: [TimeWindow] = [],
        expiresAt: Date? = nil
    ) {
        self.modes = modes
        self.channels = channels
        self.people = people
        self.folders = folders
        self.times = times
        self.expiresAt = expiresAt
    }

    /// None: the rule always holds.
    public static let none = PolicyConditions()

    /// The first condition that is not met, in words, or nil.
    ///
    /// - Parameters:
    ///   - paths: Where the call works: the command's folder, or the paths it names; empty when it has none.
    ///   - isStrict: Whether the rule denies or asks: then one path in the folders is enough, and what has no path is taken as met.
    public func unmet(_ scope: ToolScope, paths: [String], at now: Date, isStrict: Bool) -> String? {
        if let expiresAt, now >= expiresAt { return "it expired on \(expiresAt.formatted(.iso8601))" }
        if !modes.isEmpty, !modes.contains(scope.mode) { return "it holds in mode \(modes.map(\.rawValue).sorted().joined(separator: ", ")) only" }
        if !channels.isEmpty {
            let channel = scope.conversation.channel
            let names = [channel.platform.rawValue, channel.description, scope.conversation.description]
            if names.allSatisfy({ !channels.contains($0) }) { return "it holds on \(channels.sorted().joined(separator: ", ")) only" }
        }
        if !people.isEmpty, !people.contains(scope.person.rawValue) { return "it holds for \(people.sorted().joined(separator: ", ")) only" }
        if !folders.isEmpty {
            func isInside(_ path: String) -> Bool { folders.contains { Self.isInside(path, $0) } }
            let isMet = isStrict ? paths.isEmpty || paths.contains(where: isInside) : !paths.isEmpty && paths.allSatisfy(isInside)
            if !isMet { return "it holds in \(folders.sorted().joined(separator: ", ")) only" }
        }
        if !times.isEmpty, !times.contains(where: { $0.contains(now) }) {
            return "it holds at \(times.map(\.description).joined(separator: " and ")) only"
        }
        return nil
    }

    /// By the parts of the path as written; a path that goes up again is inside of nothing.
    private static func isInside(_ path: String, _ folder: String) -> Bool {
        let parts = path.split(separator: "/")
        return path.hasPrefix("/") && !parts.contains("..") && parts.starts(with: folder.split(separator: "/"))
    }
}

extension PolicyConditions: CustomStringConvertible {
    /// For lists of rules; empty when there are none.
    public var description: String {
        var parts: [String] = []
        if !modes.isEmpty { parts.append("mode " + modes.map(\.rawValue).sorted().joined(separator: ", ")) }
        if !channels.isEmpty { parts.append("on " + channels.sorted().joined(separator: ", ")) }
        if !people.isEmpty { parts.append("for " + people.sorted().joined(separator: ", ")) }
        if !folders.isEmpty { parts.append("in " + folders.sorted().joined(separator: ", ")) }
        if !times.isEmpty { parts.append(times.map(\.description).joined(separator: " and ")) }
        if let expiresAt { parts.append("until \(expiresAt.formatted(.iso8601))") }
        return parts.joined(separator: "; ")
    }
}
