// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import MegaCore
import MegaSecurity
import Testing

@Suite("Deny rules") struct StrictMatchTests {
    private func verdict(_ deny: String, _ text: String) -> PolicyVerdict {
        PolicyAuthorizer.keepingAcceptable([PolicyRule(.deny, deny)], programs: AssumedPrograms()).authorizer.explain(Sample.command(text)).verdict
    }

    @Test("Quoting, paths, wrappers and nesting do not hide a program", arguments: [
        "rm x", "r\\m x", "'r'm x", "\"rm\" x", "$'\\x72m' x", "r''m x", "/bin/rm x", "/usr/bin/../bin/rm x", "\\rm x", "command rm x", "exec rm x", "nohup rm x", "nice -n 5 rm x",
        "timeout -k 1 5 rm x", "env A=b rm x", "env -i rm x", "sudo -u root rm x", "sudo -- rm x", "doas rm x", "setsid rm x", "stdbuf -oL rm x", "time rm x", "xargs rm", "xargs -n 1 rm", "busybox rm x",
        "find . -exec rm {} \\;", "find . -execdir rm {} +", "sh -c 'rm x'", "bash -lc 'ls; rm x'", "eval 'rm x'", "ssh host rm x", "(rm x)", "{ rm x; }", "if true; then rm x; fi", "for i in 1; do rm x; done",
        "while rm x; do :; done", "ls $(rm x)", "ls `rm x`", "cat <(rm x)", "echo \"$(rm x)\"", "true && rm x", "true || rm x", "true; rm x", "true | rm x", "true & rm x", "true\nrm x", "A=b rm x", "! rm x",
        "sh <<< 'rm x'", "sh <<E\nrm x\nE", "watch rm x", "flock f rm x", "trap 'rm x' EXIT", "alias l='rm x'", "case a in a) rm x;; esac", "f() { rm x; }; f", "echo ${x:-$(rm x)}", "> f rm x",
    ])
    func hidden(_ text: String) { #expect(verdict("rm", text) == .deny, "\(text)") }

    @Test("Options are the same however they are written") func options() {
        for text in [
            "rm -rf x", "rm -fr x", "rm -r -f x", "rm -Rf x", "rm --recursive --force x", "rm --rec --fo x", "rm -r --force x", "rm x -rf", "rm -vrf x", "sudo rm x -f -r", "rm -rf -- x",
        ] { #expect(verdict("rm -rf", text) == .deny, "\(text)") }
        for text in ["git push --force", "git push -f", "git -C x push origin -f", "git --no-pager push --force", "git push origin main --forc", "git -c a=b push -f x"] {
            #expect(verdict("git push --force", text) == .deny, "\(text)")
        }
        for text in ["rm -r x", "rm --recursive x", "git push origin", "git log push -f", "echo rm -rf x", "echo 'rm -rf x'"] {
            #expect(verdict("rm -rf", text) != .deny, "\(text)")
            #expect(verdict("git push --force", text) != .deny, "\(text)")
        }
    }

    @Test("What cannot be read is asked about, never allowed", arguments: ["$X -rf y", "/bin/r? x", "{rm,-rf,x}", "rm${IFS}x", "${X:-rm} x", "`echo rm` x", "echo cm0= | base64 -d | sh"])
    func unreadable(_ text: String) { #expect(verdict("rm", text) != .allow, "\(text)") }

    @Test("An exact rule holds for its words only") func exact() {
        #expect(verdict("git branch $", "git branch") == .deny)
        #expect(verdict("git branch $", "git branch x") == .ask)
    }
}
