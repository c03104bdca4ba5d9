// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// Programs in other languages given in a command.
enum ForeignRules {
    static func check(_ body: ForeignBody, _ report: inout GuardReport) {
        let traits = body.traits
        let text = body.text
        if text.holds("/inet/tcp/") || text.holds("/inet/udp/") || text.holds("/dev/tcp/") { report.add(RuleCatalog.reverseShell, .block, body.span) }
        if traits.contains(.connects), !traits.intersection([.spawns, .duplicates, .spawnsUnknown]).isEmpty { report.add(RuleCatalog.reverseShell, .block, body.span) }
        if traits.contains(.decodes), !traits.intersection([.evaluates, .spawns]).isEmpty { report.add(RuleCatalog.decodeAndRun, .block, body.span) }
        if traits.contains(.fetches), !traits.intersection([.evaluates, .spawns]).isEmpty { report.add(RuleCatalog.pipeToShell, .block, body.span) }
        if text.holds("fork while") || text.holds("while True: os.fork") || text.holds("while 1: os.fork") || text.holds("loop{fork") || text.holds("loop { fork") { report.add(RuleCatalog.forkBomb, .block, body.span) }
        if !traits.intersection([.deletes, .deletesTrees]).isEmpty { report.add(RuleCatalog.inlineDelete, .ask, body.span) }
        // awk that pipes into sort is everyday; what it runs is looked at by itself.
        guard body.language != .awk else {
            if traits.contains(.spawnsUnknown) { report.add(RuleCatalog.inlineProcess, .ask, body.span) }
            return
        }
        if traits.contains(.spawns) || traits.contains(.evaluates) { report.add(RuleCatalog.inlineProcess, .ask, body.span) }
    }
}

/// Functions that call themselves without end.
enum ForkRules {
    static func check(_ script: ShellScript, _ report: inout GuardReport) {
        for function in script.functions.prefix(256) where function.commands.count <= 256 {
            var calls = 0
            var inBackground = false
            var span: Range<Int>?
            for index in function.commands {
                let command = script.commands[index]
                guard let first = command.words.first, first.text == function.name else { continue }
                calls += 1
                if command.isBackground || command.stage > 0 { inBackground = true }
                span = span.map { min($0.lowerBound, command.span.lowerBound)..<max($0.upperBound, command.span.upperBound) } ?? command.span
            }
            if calls >= 2 || calls == 1 && inBackground, inBackground, let span { report.add(RuleCatalog.forkBomb, .block, span) }
        }
    }
}
