// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// Clouds, clusters, stores of secrets, backups, queues and build servers, by their verbs.
enum ManagementRules {
    static func check(_ call: Invocation, _ knowledge: ManagementPrograms.Knowledge, _ report: inout GuardReport) {
        guard !call.isDryRun, !call.isHelp, !call.contains("-h") else { return }
        if let option = call.arguments.first(where: { word in knowledge.losingOptions.contains(String(word.text.prefix { $0 != "=" })) }) {
            report.add(RuleCatalog.remoteDelete, .ask, call.span.lowerBound..<max(option.span.upperBound, call.span.upperBound))
            return
        }
        guard knowledge.depth > 0 else { return }
        let verbs = call.verbs(knowledge.depth, short: knowledge.short, long: knowledge.long)
        for (place, verb) in verbs.enumerated() where !knowledge.harmless.contains(verb) {
            // The first verb is a noun in `docker rm`-like programs only when something follows; names are told by their signs.
            guard isVerb(verb) else { break }
            if knowledge.losing.contains(verb) || ManagementPrograms.losing.contains(verb) { return report.add(RuleCatalog.remoteDelete, .ask, call.span) }
            if knowledge.changing.contains(verb) || ManagementPrograms.changing.contains(verb) {
                return report.add(RuleCatalog.remoteChange, .warn, call.span)
            }
            guard knowledge.hasCompoundVerbs, place < knowledge.depth else { continue }
            let stem = String(verb.prefix { $0 != "-" && $0 != "_" })
            if stem.utf8.count < verb.utf8.count {
                if ManagementPrograms.losing.contains(stem) { return report.add(RuleCatalog.remoteDelete, .ask, call.span) }
                if ManagementPrograms.changing.contains(stem) { return report.add(RuleCatalog.remoteChange, .warn, call.span) }
            }
            if verb.hasSuffix("-del") || verb.hasSuffix("-delete") || verb.hasSuffix("-destroy") { return report.add(RuleCatalog.remoteDelete, .ask, call.span) }
        }
        extras(call, verbs, &report)
    }

    /// Names of things have signs that verbs do not have.
    private static func isVerb(_ word: String) -> Bool {
        word.utf8.count <= 40 && word.utf8.allSatisfy { ShellBytes.isName($0) || $0 == 0x2D || $0 == 0x3A }
    }

    private static func extras(_ call: Invocation, _ verbs: [String], _ report: inout GuardReport) {
        switch call.program {
        case "aws":
            guard verbs.first == "s3" else { return }
            let verb = verbs.dropFirst().first
            if verb == "rm", call.has("", "recursive") { report.add(RuleCatalog.remoteDelete, .ask, call.span) }
            if verb == "rm", call.operands().dropFirst(2).first.map({ $0.text.hasSuffix("/") || !$0.text.dropFirst(5).contains("/") }) == true {
                report.add(RuleCatalog.remoteDelete, .warn, call.span)
            }
            if verb == "sync", call.has("", "delete") { report.add(RuleCatalog.syncDelete, .ask, call.span) }
            if verb == "mv", call.has("", "recursive") { report.add(RuleCatalog.remoteChange, .warn, call.span) }
        case "gsutil": if call.contains("rsync"), call.has("d") { report.add(RuleCatalog.syncDelete, .ask, call.span) }
        case "gh":
            guard verbs.first == "api" else { return }
            HTTPRules.method(call.value("-X", "--method"), call, &report)
        case "glab": if verbs.first == "api" { HTTPRules.method(call.value("-X", "--method"), call, &report) }
        case "kubectl", "oc":
            if verbs.first == "scale", call.arguments.contains(where: { $0.text == "--replicas=0" }) { report.add(RuleCatalog.remoteChange, .warn, call.span) }
            if verbs.first == "replace", call.has("", "force") { report.add(RuleCatalog.remoteDelete, .ask, call.span) }
            if verbs.first == "apply", call.has("", "prune") { report.add(RuleCatalog.remoteDelete, .ask, call.span) }
        case "mc", "azcopy": if call.has("", "remove", "delete-destination") { report.add(RuleCatalog.syncDelete, .ask, call.span) }
        case "pulumi", "terragrunt": InfrastructureRules.check(call, &report)
        default: return
        }
    }
}

/// terraform and its kin.
enum InfrastructureRules {
    static func check(_ call: Invocation, _ report: inout GuardReport) {
        let verbs = call.verbs(3, long: ["var", "var-file", "target", "stack"])
        let isApproved = call.arguments.contains { ["-auto-approve", "--auto-approve", "--yes", "-y", "-auto-approve=true", "--skip-preview", "--non-interactive", "-force", "--terragrunt-non-interactive"].contains($0.text) }
        if verbs.contains("destroy") || verbs.contains("run-all") && verbs.contains("destroy") || verbs.first == "apply" && call.contains("-destroy", "--destroy") {
            if isApproved { report.add(RuleCatalog.infrastructureDestroy, .ask, call.span) }
        } else if verbs.contains("apply") || verbs.first == "up" && call.program == "pulumi" {
            if isApproved { report.add(RuleCatalog.infrastructure, .warn, call.span) }
        }
        if verbs.first == "state", ["rm", "push", "mv"].contains(verbs.dropFirst().first) { report.add(RuleCatalog.remoteChange, verbs[1] == "mv" ? .warn : .ask, call.span) }
        if verbs.first == "workspace", verbs.dropFirst().first == "delete" { report.add(RuleCatalog.remoteDelete, .ask, call.span) }
        if verbs.first == "force-unlock" || verbs.first == "taint" { report.add(RuleCatalog.remoteChange, .warn, call.span) }
        if verbs.first == "stack", verbs.dropFirst().first == "rm" { report.add(RuleCatalog.remoteDelete, .ask, call.span) }
    }
}

/// Requests that delete.
enum HTTPRules {
    static func method(_ method: ShellWord?, _ call: Invocation, _ report: inout GuardReport) {
        if method?.text.uppercased() == "DELETE" { report.add(RuleCatalog.httpDelete, .warn, call.span) }
    }

    private static let losingParts: Set<String> = [
        "dodelete", "delete", "destroy", "purge", "_delete_by_query", "delete-batch", "delete_all", "deleteall", "clear", "flush", "drop", "flushall", "_close", "dowipeoutworkspace", "erase",
    ]

    static func curl(_ call: Invocation, _ report: inout GuardReport) {
        let method = call.value("-X", "--request", "--method")
        if let method, method.text.uppercased() == "DELETE" {
            let isWide = call.arguments.contains { word in
                word.text.holds("://") && word.text.split(separator: "/").last.map { $0 == "_all" || $0.hasPrefix("*") || $0.hasSuffix("*") } == true
            }
            report.add(RuleCatalog.httpDelete, isWide ? .ask : .warn, call.span)
            return
        }
        let isPost = method.map { ["POST", "PUT", "PATCH"].contains($0.text.uppercased()) } ?? call.has("d", "data", "data-raw", "data-binary", "json", "post-data")
        guard isPost else { return }
        for word in call.arguments where word.text.holds("://") {
            let path = word.text.prefix { $0 != "?" && $0 != "#" }.split(separator: "/").dropFirst(2)
            if path.contains(where: { losingParts.contains($0.lowercased()) }) { report.add(RuleCatalog.httpDelete, .warn, call.span) }
        }
        // An Elasticsearch or Meilisearch body may carry the deletion, but the address says which.
    }

    /// HTTPie and xh: the method stands in front of the address.
    static func httpie(_ call: Invocation, _ report: inout GuardReport) {
        if call.operands().first?.text.uppercased() == "DELETE" { report.add(RuleCatalog.httpDelete, .warn, call.span) }
    }
}
