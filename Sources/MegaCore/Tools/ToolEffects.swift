// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// What a tool may do to the world, declared with its definition and enforced by the mode and the authorizer.
public struct ToolEffects: OptionSet, Sendable, Hashable, Codable {
    /// The raw value.
    public let rawValue: UInt32
    /// Wraps a raw value.
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// Reads files of the machine.
    public static let readsFiles = ToolEffects(rawValue: 1 << 0)
    /// Creates, changes or deletes files.
    public static let writesFiles = ToolEffects(rawValue: 1 << 1)
    /// Runs programs.
    public static let executes = ToolEffects(rawValue: 1 << 2)
    /// Talks to other machines.
    public static let network = ToolEffects(rawValue: 1 << 3)
    /// Reads what a person told or keeps here, such as memory.
    public static let readsPrivateData = ToolEffects(rawValue: 1 << 4)
    /// Writes to other people.
    public static let sendsMessages = ToolEffects(rawValue: 1 << 5)
    /// Costs money.
    public static let spendsMoney = ToolEffects(rawValue: 1 << 6)
    /// Changes what is allowed. No mode permits it to a tool.
    public static let changesPolicy = ToolEffects(rawValue: 1 << 7)
    /// Writes the person's own memory; nothing outside the store changes.
    public static let writesMemory = ToolEffects(rawValue: 1 << 8)
    /// Changes a person's account or what it holds at a service: entries, members, settings.
    public static let changesAccount = ToolEffects(rawValue: 1 << 9)
    /// Reads what anybody could have written: pages, mails, reviews, shared files. Its results are labelled so.
    public static let readsUntrusted = ToolEffects(rawValue: 1 << 10)

    /// Names as used in configuration, policies and logs, in a fixed order.
    public static let names: [(String, ToolEffects)] = [
        ("readsFiles", .readsFiles), ("writesFiles", .writesFiles), ("executes", .executes), ("network", .network),
        ("readsPrivateData", .readsPrivateData), ("sendsMessages", .sendsMessages), ("spendsMoney", .spendsMoney),
        ("changesPolicy", .changesPolicy), ("writesMemory", .writesMemory),
        ("changesAccount", .changesAccount), ("readsUntrusted", .readsUntrusted),
    ]

    /// The effects that change something outside the assistant.
    public static let consequential: ToolEffects = [
        .writesFiles, .executes, .network, .sendsMessages, .spendsMoney, .changesPolicy, .changesAccount,
    ]
}

extension ToolEffects {
    private static let phrases: [(String, ToolEffects)] = [
        ("reads files", .readsFiles), ("changes files", .writesFiles), ("runs programs", .executes), ("uses the network", .network),
        ("reads what you told or keep here", .readsPrivateData), ("sends messages", .sendsMessages), ("spends money", .spendsMoney),
        ("changes what is allowed", .changesPolicy), ("changes memory", .writesMemory), ("changes an account", .changesAccount),
        ("reads what anybody could have written", .readsUntrusted),
    ]

    /// What it does, in words that follow "it", such as "changes files and uses the network"; "has no effects" when there are none.
    public var phrase: String {
        let parts = Self.phrases.filter { contains($0.1) }.map(\.0)
        guard let last = parts.last else { return "has no effects" }
        return parts.count == 1 ? last : parts.dropLast().joined(separator: ", ") + " and " + last
    }
}

extension ToolEffects: CustomStringConvertible {
    /// The names, separated by commas: for records and digests. ``phrase`` is for people.
    public var description: String {
        Self.names.filter { contains($0.1) }.map(\.0).joined(separator: ", ")
    }
}
