// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

import MegaCore

/// A built-in set of allow rules.
public enum PolicyPreset: String, Sendable, Hashable, Codable, CaseIterable {
    /// Programs that print, look at or compare files and run nothing else. Their arguments are looked at as for any allow rule.
    case readOnly = "read-only"
    /// Git's commands that look at a repository. The repository's own settings can name programs these run (`core.fsmonitor`,
    /// `diff.external`, text conversions), so this is for repositories whose settings are trusted.
    case gitReadOnly = "git-read-only"

    /// Its patterns.
    public var patterns: [String] {
        switch self {
        case .readOnly:
            [
                "cat", "tac", "nl", "head", "tail", "cut", "paste", "join", "comm", "expand", "unexpand", "fold", "fmt", "rev", "tr", "wc", "sort", "uniq",
                "seq", "expr", "numfmt", "factor", "true", "false", "echo", "printf", "test", "[", "pwd", "cd", "basename", "dirname", "realpath", "readlink",
                "cksum", "md5sum", "sha1sum", "sha224sum", "sha256sum", "sha384sum", "sha512sum", "b2sum", "od", "hexdump", "strings", "base64", "base32",
                "ls", "stat", "du", "df", "tree", "find", "file", "grep", "egrep", "fgrep", "rg", "diff", "cmp", "sed -n", "jq", "which", "whereis", "type",
                "id", "whoami", "groups", "logname", "tty", "uname", "arch", "nproc", "uptime", "date", "cal", "hostname", "ps", "pgrep", "free", "who", "w",
                "column", "tsort", "look",
            ]
        case .gitReadOnly:
            [
                "git status", "git log", "git diff", "git show", "git shortlog", "git blame", "git branch $", "git branch --show-current", "git branch --list",
                "git branch -a $", "git branch -r $", "git branch -v $", "git branch -vv $", "git tag --list", "git tag -l", "git remote $", "git remote -v $",
                "git rev-parse", "git rev-list", "git ls-files", "git ls-tree", "git describe", "git merge-base", "git name-rev", "git show-ref", "git cat-file",
                "git count-objects", "git grep", "git stash list", "git version",
            ]
        }
    }

    /// Its rules.
    public var rules: [PolicyRule] { patterns.map { PolicyRule(.allow, $0, origin: .preset, note: rawValue) } }
}
