// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

/// Disks, partitions and volumes.
enum DiskRules {
    static func dd(_ call: Invocation, _ report: inout GuardReport) {
        for word in call.arguments where word.text.hasPrefix("of=") {
            let path = String(word.text.dropFirst(3))
            if path == "/dev/null" || path == "/dev/stdout" || path == "/dev/zero" { continue }
            var target = word
            target.pattern = String(word.pattern.dropFirst(3))
            target.text = path
            if PathReach.isDisk(path) {
                report.add(RuleCatalog.diskWrite, .block, word.span)
            } else if PathReach.of(target) >= .inSystem, !word.dynamics.contains(.unknown) {
                report.add(RuleCatalog.systemWrite, .ask, word.span)
            } else {
                report.add(RuleCatalog.ddWrite, .ask, word.span)
            }
        }
    }

    static func format(_ call: Invocation, _ report: inout GuardReport) {
        guard !call.isHelp, !call.has("n") || call.program == "wipefs" && !call.has("n", "no-act") else { return }
        if call.program == "wipefs", !call.has("a", "all"), call.operands().count <= 1 { return }
        if call.program == "mkfs" || call.program.hasPrefix("mkfs.") || call.program.hasPrefix("mke2fs") || call.program == "newfs" {
            let last = call.operands(short: "tLbIiNmOEUTcC").last
            // A file, as for an image.
            if let last, !last.text.hasPrefix("/dev/"), !last.dynamics.contains(.unknown) { return report.add(RuleCatalog.diskFormat, .warn, call.span) }
        }
        report.add(RuleCatalog.diskFormat, .block, call.span)
    }

    /// fdisk, parted and their like: looking is allowed.
    static func partition(_ call: Invocation, _ report: inout GuardReport) {
        guard !call.isHelp, !call.has("l", "list", "print", "dump", "verify"), !call.contains("print", "-p", "--print", "unit", "-v", "--json", "-J", "-d") else { return }
        guard !call.operands(short: "a").isEmpty else { return }
        report.add(RuleCatalog.diskFormat, .ask, call.span)
    }

    private static let volumeVerbs: [String: Set<String>] = [
        "zfs": ["destroy", "rollback"], "zpool": ["destroy", "labelclear", "remove", "split"], "btrfs": ["delete"], "lvm": ["lvremove", "vgremove", "pvremove"],
        "cryptsetup": ["luksformat", "erase", "lukserase", "luksremovekey", "lukskillslot", "reencrypt"],
        "diskutil": ["erasedisk", "erasevolume", "partitiondisk", "zerodisk", "secureerase", "apfs", "reformat"], "nvme": ["format", "sanitize", "delete-ns"],
        "dmsetup": ["remove", "remove_all", "wipe_table"], "mdadm": [], "hdparm": [], "sgdisk": [], "sfdisk": [], "ceph": [], "vgs": [],
    ]

    static func volume(_ call: Invocation, _ report: inout GuardReport) {
        guard !call.isDryRun, !call.isHelp else { return }
        let isRisky: Bool =
            switch call.program {
            case "lvremove", "vgremove", "pvremove", "blkdiscard", "badblocks": call.program != "badblocks" || call.has("w")
            case "mdadm": call.contains("--zero-superblock", "--stop", "--remove", "-S", "-r", "--fail")
            case "hdparm": call.arguments.contains { $0.text.hasPrefix("--security-erase") || $0.text.hasPrefix("--trim") || $0.text == "--write-sector" }
            case "sgdisk": call.has("ZzdoG", "zap-all", "zap", "delete", "clear")
            case "sfdisk": !call.has("ldVJ", "list", "dump", "verify", "json", "show-size")
            case "tune2fs", "swapoff": false
            default: volumeVerbs[call.program].map { verbs in call.verbs(3).contains { verbs.contains($0) } } ?? false
            }
        if isRisky { report.add(RuleCatalog.diskFormat, call.program == "zfs" && !call.has("r") ? .ask : .block, call.span) }
    }
}
