// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The keys of a ring at one moment, ready for use.
struct KeyRingSnapshot: Sendable {
    /// Whose keys.
    enum Owner: Hashable, Sendable {
        case common
        case audit
        case person(String)
    }

    struct Line: Sendable {
        let hashing: RootKey
        let sealing: [RootKey]
    }

    let content: KeyRingContent
    private let lines: [Owner: Line]
    private let owners: [UInt32: Owner]
    private let destroyed: Set<UInt32>
    private let roots: [Data: RootKey]

    /// - Parameter older: Its derived keys are taken over.
    init(_ content: KeyRingContent, older: KeyRingSnapshot? = nil) {
        var roots: [Data: RootKey] = [:]
        func root(_ key: KeyRingContent.StoredKey) -> RootKey {
            if let known = roots[key.bytes] ?? older?.roots[key.bytes] {
                roots[key.bytes] = known
                return known
            }
            let made = RootKey(Array(key.bytes))
            roots[key.bytes] = made
            return made
        }
        var lines: [Owner: Line] = [:]
        var owners: [UInt32: Owner] = [:]
        func add(_ line: KeyRingContent.Line, _ owner: Owner) {
            let made = Line(hashing: root(line.hashing), sealing: line.sealing.map(root))
            lines[owner] = made
            for key in made.sealing where owners[key.id] == nil { owners[key.id] = owner }
        }
        add(content.common, .common)
        add(content.audit, .audit)
        for (person, line) in content.people { add(line, .person(person)) }
        self.content = content
        self.lines = lines
        self.owners = owners
        destroyed = Set(content.destroyed)
        self.roots = roots
    }

    /// Every id in use or once in use.
    var takenIDs: Set<UInt32> { destroyed.union(owners.keys) }

    func line(_ owner: Owner) -> Line? { lines[owner] }

    func owner(of id: UInt32) -> Owner? { owners[id] }

    /// - Parameter asker: Its own keys come first; the common sealer opens everything, others their own and the common.
    func find(_ id: UInt32, for asker: Owner) -> FoundKey {
        if let line = lines[asker], let found = Self.find(id, in: line) { return found }
        if let owner = owners[id], asker == .common || owner == .common, let line = lines[owner], let found = Self.find(id, in: line) {
            // What a person's sealer opens of before there were keys per person moves under the person's key.
            if asker != .common, owner == .common, case .key(let key, _) = found { return .key(key, newer: lines[asker]?.sealing.last) }
            return found
        }
        return destroyed.contains(id) ? .destroyed : .unknown
    }

    private static func find(_ id: UInt32, in line: Line) -> FoundKey? {
        guard let place = line.sealing.lastIndex(where: { $0.id == id }) else { return nil }
        return .key(line.sealing[place], newer: place == line.sealing.count - 1 ? nil : line.sealing.last)
    }
}
