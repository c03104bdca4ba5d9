// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// PowerShell and Windows commands.
enum WindowsRules {
    static func policy(_ call: Invocation, _ report: inout GuardReport) {
        for at in call.words.indices.dropFirst() {
            let lower = call.words[at].text.lowercased()
            guard lower.hasPrefix("-") || lower.hasPrefix("/") else { continue }
            let cut = lower.firstIndex { $0 == ":" || $0 == "=" }
            let name = String(lower[..<(cut ?? lower.endIndex)].dropFirst())
            let isPolicy = name == "ep" || (name.utf8.count >= 2 && "executionpolicy".hasPrefix(name))
            guard isPolicy else { continue }
            let value = cut.map { String(lower[lower.index(after: $0)...]) } ?? (at + 1 < call.words.count ? call.words[at + 1].text.lowercased() : "")
            if value == "bypass" { report.add(RuleCatalog.executionPolicy, .block, call.words[at].span.lowerBound..<call.words[min(at + 1, call.words.count - 1)].span.upperBound) }
        }
        if call.program == "set-executionpolicy", call.operands().first?.text.lowercased() == "bypass" { report.add(RuleCatalog.executionPolicy, .block, call.span) }
    }

    static func encoded(_ call: Invocation, _ report: inout GuardReport) {
        if call.arguments.contains(where: { word in
            let name = word.text.lowercased().dropFirst()
            return (word.text.hasPrefix("-") || word.text.hasPrefix("/")) && (name == "e" || name == "ec" || name.count >= 2 && "encodedcommand".hasPrefix(name))
        }) { report.add(RuleCatalog.decodeAndRun, .block, call.span) }
    }

    static func defender(_ call: Invocation, _ report: inout GuardReport) {
        let options = call.arguments.map { $0.text.lowercased() }
        switch call.program {
        case "add-mppreference": if options.contains(where: { $0.hasPrefix("-exclusion") }) { report.add(RuleCatalog.defender, .block, call.span) }
        case "set-mppreference": if options.contains(where: { $0.hasPrefix("-disable") || $0.hasPrefix("-exclusion") }) { report.add(RuleCatalog.defender, .block, call.span) }
        case "mpcmdrun": if options.contains("-removedefinitions") { report.add(RuleCatalog.defender, .block, call.span) }
        default: return
        }
    }

    static func system(_ call: Invocation, _ report: inout GuardReport) {
        let options = call.arguments.map { $0.text.lowercased() }
        switch call.program {
        case "format", "diskpart", "format-volume", "clear-disk", "initialize-disk", "remove-partition":
            // `format` alone is also someone's formatter; a drive letter makes it the disk tool.
            if call.program == "format", !call.arguments.contains(where: { $0.text.utf8.count == 2 && $0.text.hasSuffix(":") }) { return }
            report.add(RuleCatalog.diskFormat, .block, call.span)
        case "vssadmin", "wbadmin": if options.contains("delete") { report.add(RuleCatalog.diskFormat, .block, call.span) }
        case "bcdedit", "cipher": if options.contains(where: { $0.hasPrefix("/w") || $0.hasPrefix("/set") || $0.hasPrefix("/delete") }) { report.add(RuleCatalog.diskFormat, .ask, call.span) }
        case "stop-computer", "restart-computer": report.add(RuleCatalog.shutdown, .ask, call.span)
        case "stop-service", "disable-localuser", "remove-localuser", "remove-service": report.add(RuleCatalog.serviceStop, .ask, call.span)
        case "stop-process": if options.contains("-force") { report.add(RuleCatalog.processKill, .warn, call.span) }
        case "clear-content", "clear-recyclebin": report.add(RuleCatalog.shred, .ask, call.span)
        case "register-scheduledtask", "new-service": report.add(RuleCatalog.persistence, .ask, call.span)
        case "set-itemproperty", "new-itemproperty": if options.contains(where: { $0.contains("\\run") }) { report.add(RuleCatalog.persistence, .ask, call.span) }
        case "remove-itemproperty": report.add(RuleCatalog.windowsDelete, .ask, call.span)
        case "start-process": if call.arguments.contains(where: { $0.text.holds("://") }) || call.contains("-Verb") && options.contains("runas") { report.add(RuleCatalog.inlineProcess, .warn, call.span) }
        case "mshta", "regsvr32", "rundll32", "wmic", "cscript", "wscript", "msiexec", "installutil":
            if call.arguments.contains(where: { $0.text.holds("://") || $0.text.lowercased().contains("javascript:") || $0.text.lowercased().contains("scrobj") }) || call.program == "wmic" && options.contains("create") {
                report.add(RuleCatalog.pipeToShell, .block, call.span)
            }
        case "certutil":
            if options.contains(where: { $0.hasPrefix("-urlcache") || $0.hasPrefix("/urlcache") || $0.hasPrefix("-decode") || $0.hasPrefix("-verifyctl") }) { report.add(RuleCatalog.downloadThenRun, .ask, call.span) }
        case "bitsadmin": if options.contains(where: { $0.hasPrefix("/transfer") || $0.hasPrefix("/addfile") || $0.hasPrefix("/setnotifycmdline") }) { report.add(RuleCatalog.downloadThenRun, .ask, call.span) }
        default: return
        }
    }
}
