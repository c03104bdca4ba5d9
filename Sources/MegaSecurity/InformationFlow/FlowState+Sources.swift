// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import MegaCore

extension FlowState {
    /// A finding about one value, with where it came from.
    func finding(_ call: FlowCall, _ argument: String, _ value: String, _ problem: String) -> Finding {
        Finding(argument: argument, value: Self.short(value), source: origin(of: value), problem: problem)
    }

    /// A finding about the call as a whole.
    func finding(_ call: FlowCall, _ problem: String) -> Finding {
        let last = sources.last { $0.label.integrity.isUntrusted }
        let source = last.map { "decided after reading \($0.name), which anybody could have written" } ?? "decided by the model alone"
        return Finding(argument: nil, value: Self.short(call.tool.name), source: source, problem: problem)
    }

    /// Where a value was read, untrusted texts first.
    private func origin(of value: String) -> String {
        let known = sources.filter { $0.origin != .effect && ($0.text.contains(value) || Self.isLink(value, in: $0)) }
        let isOwn = person?.text.contains(value) ?? false
        let places = isOwn ? "it stands in the person's own message and in" : "it came from"
        if let source = known.first(where: { $0.label.integrity.isUntrusted }) {
            return "\(places) \(source.name), which anybody could have written"
        }
        if isOwn {
            let read = sources.last { $0.label.integrity.isUntrusted }.map { ", and \($0.name) was read before, which anybody could have written" } ?? ""
            return "it stands in the person's own message\(read)"
        }
        if let source = known.first { return "it came from \(source.name)" }
        let privately = holdsPrivateData ? ", after private data was read" : ""
        return "the model wrote it\(privately)"
    }

    private static func isLink(_ value: String, in source: FlowSource) -> Bool {
        guard !AddressScan.links(in: value).isEmpty, value.utf8.count < 2048 else { return false }
        return source.text.contains(AddressScan.normalised(value))
    }

    static func short(_ text: String) -> String {
        let line = text.split(whereSeparator: \.isNewline).joined(separator: " ⏎ ")
        return line.count <= 160 ? line : line.prefix(120) + "… (\(text.utf8.count) bytes)"
    }
}
