// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

extension Duration {
    /// Seconds, for arithmetic with dates.
    package var timeInterval: Double {
        Double(components.seconds) + Double(components.attoseconds) / 1e18
    }
}

extension String {
    /// The first characters, with an ellipsis when something was left out.
    func prefixText(_ count: Int) -> String {
        self.count > count ? String(prefix(count)) + "…" : self
    }
}
