// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

extension ProgramKnowledge {
    /// Git's sub-commands. Sources: git(1), git-diff(1), git-log(1), git-push(1), gitremote-helpers(7) and their like.
    static let gitCommands = """
        git/status = folder | value --porcelain --untracked-files --ignored
        git/diff git/log git/show git/whatchanged git/shortlog git/range-diff git/diff-tree git/diff-index git/diff-files git/stash-show = folder | writes --output --output-directory -o | runs --ext-diff --textconv --show-signature | reads -O --no-index --contents | value -S -G -n -L --max-count --since --until --after --before --author --committer --grep --format --pretty --date -U
        git/blame git/annotate git/rev-list git/rev-parse git/name-rev git/merge-base git/describe git/show-ref git/ls-files git/ls-tree git/cat-file git/count-objects git/for-each-ref git/reflog git/cherry git/check-ignore git/check-attr git/verify-commit git/verify-tag git/show-branch git/var git/version git/diffstat = folder | runs --textconv --filters --show-signature --parseopt --sq-quote | writes --output | reads --contents -X --exclude-from --stdin --batch-command | changes delete expire -d --delete
        git/grep = folder | runs -O --open-files-in-pager --textconv | reads --no-index -f | value -e -m -A -B -C --max-depth --threads
        git/branch = folder | changes -d -D -m -M -c -C -f -u --delete --move --copy --force --edit-description --set-upstream-to --unset-upstream --create-reflog | value --contains --no-contains --merged --no-merged --points-at --format --sort
        git/tag = folder | changes -d -f --delete --force -s -u --sign --local-user -e --edit | reads -F --file | value -m --message --contains --merged --points-at --format --sort
        git/remote = folder | changes add remove rm rename set-url set-head set-branches prune update -p --prune
        git/add git/stage = folder | runs -e --edit -i --interactive -p --patch | changes -f --force --chmod -u --renormalize | reads --pathspec-from-file
        git/commit = folder | changes --amend --no-verify -n --reset-author --fixup --squash --allow-empty-message --no-gpg-sign | runs -e --edit -S --gpg-sign -i -p --interactive --patch | reads -F --file -t --template -C -c --reuse-message --reedit-message --pathspec-from-file --trailer | value -m --message --author --date
        git/push = folder | changes -f --force --force-with-lease --force-if-includes --mirror --delete -d --prune --all --tags --no-verify +* :* | runs --receive-pack --exec --signed | sends -o --push-option --repo | runs ext::* fd::*
        git/pull git/fetch = folder | runs --upload-pack -u ext::* fd::* | changes -f --force --prune -p -P --prune-tags --update-head-ok --no-verify --refmap -S --gpg-sign | sends -o --server-option --negotiation-tip | value --depth -j --jobs
        git/clone = runs -u --upload-pack ext::* fd::* | loads -c --config --template --reference --reference-if-able | writes --separate-git-dir | changes --recurse-submodules --recursive --mirror --bundle-uri | sends --server-option | value -b --branch --depth -o --origin -j --jobs
        git/ls-remote = folder | runs --upload-pack --exec -u ext::* fd::* | sends -o --server-option
        git/checkout git/switch git/restore = folder | changes -f --force -B -C --discard-changes --orphan --ours --theirs -m --merge --overwrite-ignore --recurse-submodules . :* -- | runs -p --patch | reads --pathspec-from-file
        git/stash = folder | changes drop clear pop apply | runs -p --patch --ext-diff --textconv | writes --output | value -m --message
        git/merge git/cherry-pick git/revert = folder | runs -e --edit -S --gpg-sign -s --strategy | loads -X --strategy-option -F --file | changes --no-verify --abort --quit
        git/reset = folder | changes --hard --merge --keep | runs -p --patch | reads --pathspec-from-file
        git/clean = folder | changes -f --force -x -X -d -e | runs -i --interactive
        git/init = loads --template --separate-git-dir --shared --config
        git/mv git/rm = folder | changes -f --force -r --pathspec-from-file
        git/archive = folder | writes -o --output | runs --exec --remote
        git/format-patch = folder | writes -o --output --output-directory --attach --signature-file | runs --ext-diff --textconv
        git/apply = folder | changes --unsafe-paths -R --reverse --directory -3 --3way --index
        git/worktree git/notes git/bundle git/gc git/fsck git/prune git/repack git/update-index git/update-ref git/symbolic-ref git/sparse-checkout git/lfs = folder | strict | flag list verify show -v -q
        """
}
