// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// What characters look like: the prototypes of UTS #39, and the ASCII letters a reader takes other characters for.
enum Lookalikes {
    private static let prototypes = ScalarMap(ConfusableData.text)
    private static let folds = ScalarMap(FoldData.text)

    /// How much a character looks like ASCII.
    enum Likeness: Equatable {
        /// It is ASCII.
        case ascii
        /// It is drawn (nearly) the same: a confusable, or a compatibility form such as a wide or a mathematical letter.
        case same
        /// It is an ASCII letter with a mark, such as `é`, which readers tell apart.
        case marked
        case none
    }

    /// The ASCII text a reader takes the character for, and how well it fits.
    static func ascii(_ scalar: UInt32) -> (text: [UInt8], likeness: Likeness) {
        if scalar < 0x80 { return ([UInt8(scalar)], .ascii) }
        // Compatibility forms first: UTS #39 folds the wide zero to the letter O, which serves comparing and not reading.
        if let fold = folds[scalar] {
            let text = fold.map { UInt8(truncatingIfNeeded: $0) }
            if !folds.isApproximate(scalar) { return (text, .same) }
            if let prototype = prototypes[scalar], prototype.allSatisfy({ $0 < 0x80 }) {
                return (prototype.map { UInt8(truncatingIfNeeded: $0) }, .same)
            }
            return (text, .marked)
        }
        guard let prototype = prototypes[scalar] else { return ([], .none) }
        if prototype.allSatisfy({ $0 < 0x80 }) { return (prototype.map { UInt8(truncatingIfNeeded: $0) }, .same) }
        let bare = prototype.filter { !isMark($0) }
        guard !bare.isEmpty, bare.allSatisfy({ $0 < 0x80 }) else { return ([], .none) }
        return (bare.map { UInt8(truncatingIfNeeded: $0) }, .marked)
    }

    /// The one ASCII character it is drawn like, if there is exactly one.
    static func asciiTwin(_ scalar: UInt32) -> UInt8? {
        let (text, likeness) = ascii(scalar)
        return likeness == .same && text.count == 1 ? text.first : nil
    }

    /// The skeleton of UTS #39, without the normalisation on both ends: what matters here is a comparison with ASCII names.
    static func skeleton(_ text: some Sequence<UInt32>) -> [UInt32] {
        text.flatMap { scalar in prototypes[scalar].map(Array.init) ?? [scalar] }
    }

    static var confusableCount: Int { prototypes.count }

    static func isMark(_ scalar: UInt32) -> Bool {
        if scalar < 0x300 { return false }
        switch Unicode.Scalar(scalar)?.properties.generalCategory {
        case .nonspacingMark, .spacingMark, .enclosingMark: return true
        default: return false
        }
    }
}
