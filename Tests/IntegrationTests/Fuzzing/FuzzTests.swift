// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import Foundation
import MegaTesting
import Testing

/// Seeded, so that a failure comes again. `MEGABOT_FUZZ_MINUTES` says for how many minutes of processor time each part runs instead of
/// a few hundred texts, `MEGABOT_FUZZ_SEED` where it starts.
@Suite("Generated hostile texts", .serialized) struct FuzzTests {
    private static let minutes = ProcessInfo.processInfo.environment["MEGABOT_FUZZ_MINUTES"].flatMap(Double.init) ?? 0
    private static let seed = ProcessInfo.processInfo.environment["MEGABOT_FUZZ_SEED"].flatMap(UInt64.init) ?? 20_261_125

    @Test("Nothing crashes, and what must hold for every text holds", arguments: FuzzPart.allCases) func part(_ part: FuzzPart) throws {
        var texts = HostileText(seed: Self.seed)
        let begun = Self.processorSeconds
        var count = 0
        repeat {
            for _ in 0..<(part == .policies ? 40 : 250) { try part.check(&texts) }
            count += 1
        } while Self.processorSeconds - begun < Self.minutes * 60
        #expect(count > 0)
    }

    @Test("The same seed gives the same texts") func seeds() {
        var (first, second, other) = (HostileText(seed: 3), HostileText(seed: 3), HostileText(seed: 4))
        let texts = (0..<50).map { _ in first.next(.shell) }
        #expect(texts == (0..<50).map { _ in second.next(.shell) })
        #expect(texts != (0..<50).map { _ in other.next(.shell) })
        #expect(texts.allSatisfy { $0.count <= HostileText.longest })
    }

    private static var processorSeconds: Double { Double(clock()) / Double(CLOCKS_PER_SEC) }
}
