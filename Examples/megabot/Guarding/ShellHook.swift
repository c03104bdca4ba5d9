// SPDX-License-Identifier: Apache-2.0
// Copyright (c) 2026 the MegaBot for Swift authors

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif
import MegaCore

/// Shell text that checks a command line when Enter is pressed, before the shell reads it.
///
/// An allowed line runs once, as it was typed. A blocked one stays on the screen to be edited. What is warned or asked about runs when
/// the person says so on the terminal. When the check cannot be made, that is said and the line runs.
enum ShellHook {
    static func text(for shell: String) -> String {
        let program = ShellQuoting.quoted(executable)
        return switch shell {
        case "zsh": zsh.replacing("@PROGRAM@", with: program)
        case "fish": fish.replacing("@PROGRAM@", with: program)
        default: bash.replacing("@PROGRAM@", with: program)
        }
    }

    /// Where this program is, so that the hook finds it without PATH.
    private static var executable: String {
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = buffer.withUnsafeMutableBytes { bytes in
            bytes.baseAddress.map { readlink("/proc/self/exe", $0.assumingMemoryBound(to: CChar.self), bytes.count) } ?? -1
        }
        if count > 0 { return String(decoding: buffer.prefix(count), as: UTF8.self) }
        return CommandLine.arguments.first ?? "megabot"
    }

    private static let bash = #"""
        # MegaBot command guard for bash 4.3 and later.
        if [[ $- == *i* ]]; then
          __megabot_program=@PROGRAM@
          __megabot_pending=''

          # Says with its exit status whether the line may go to the shell.
          __megabot_guard() {
            local text=$1 verdict status answer program=$__megabot_program
            [[ $text == *[![:space:]]* ]] || return 0
            [[ -x $program ]] || program=$(type -P megabot)
            if [[ -z $program ]]; then
              printf '%s\n' 'megabot is not installed any more: this command is not checked.' >/dev/tty
              return 0
            fi
            verdict=$("$program" check --shell bash -- "$text" 2>&1 </dev/null)
            status=$?
            case $status in
              0) return 0 ;;
              1) printf '%s\n' "$verdict" 'It was not run.' >/dev/tty; return 1 ;;
              2|3)
                printf '%s\n' "$verdict" >/dev/tty
                printf '%s' 'Run it? [y/N] ' >/dev/tty
                IFS= read -r -s -n 1 answer </dev/tty
                printf '%s\n' "$answer" >/dev/tty
                [[ $answer == [yY] ]]
                return ;;
              *)
                printf '%s\n' "$verdict" "megabot check failed ($status): this command is not checked." >/dev/tty
                return 0 ;;
            esac
          }

          # Whether bash would ask for more lines.
          __megabot_wants_more() {
            local text=$1 complaint tail
            tail=${text##*[!\\]}
            (( ${#tail} % 2 )) && return 0
            complaint=$(LC_ALL=C "$BASH" --norc --noprofile -O extglob -n <<<"$text" 2>&1) || :
            [[ $complaint == *'unexpected end of file'* || $complaint == *'unexpected EOF'* || $complaint == *'here-document at line'* ]]
          }

          __megabot_enter() {
            local text=$__megabot_pending$READLINE_LINE map
            if __megabot_wants_more "$text"; then
              __megabot_pending=$text$'\n'
            elif ! __megabot_guard "$text"; then
              for map in emacs vi-insert vi-command; do bind -m "$map" '"\C-x\C-]3": redraw-current-line'; done
              return
            fi
            for map in emacs vi-insert vi-command; do bind -m "$map" '"\C-x\C-]3": accept-line'; done
          }

          for __megabot_map in emacs vi-insert vi-command; do
            bind -m "$__megabot_map" '"\C-x\C-]1": history-expand-line'
            bind -m "$__megabot_map" -x '"\C-x\C-]2": __megabot_enter'
            bind -m "$__megabot_map" '"\C-x\C-]3": accept-line'
            bind -m "$__megabot_map" '"\C-m": "\C-x\C-]1\C-x\C-]2\C-x\C-]3"'
            bind -m "$__megabot_map" '"\C-j": "\C-x\C-]1\C-x\C-]2\C-x\C-]3"'
            bind -m "$__megabot_map" '"\C-o": "\C-x\C-]1\C-x\C-]2\C-x\C-]3"'
          done
          unset __megabot_map
          PROMPT_COMMAND="__megabot_pending=''${PROMPT_COMMAND:+; $PROMPT_COMMAND}"
        fi

        """#

    private static let zsh = #"""
        # MegaBot command guard for zsh.
        if [[ -o interactive ]]; then
          typeset -g __megabot_program=@PROGRAM@

          __megabot_guard() {
            emulate -L zsh
            local text=$1 verdict code answer program=$__megabot_program
            [[ $text == *[^[:space:]]* ]] || return 0
            [[ -x $program ]] || program=$(whence -p megabot)
            if [[ -z $program ]]; then
              print -r -- 'megabot is not installed any more: this command is not checked.' >/dev/tty
              return 0
            fi
            verdict=$("$program" check --shell zsh -- "$text" 2>&1 </dev/null)
            code=$?
            case $code in
              0) return 0 ;;
              1) print -r -- $'\n'"$verdict"$'\n''It was not run.' >/dev/tty; return 1 ;;
              2|3)
                print -r -- $'\n'"$verdict" >/dev/tty
                print -rn -- 'Run it? [y/N] ' >/dev/tty
                IFS= read -r -s -k 1 answer </dev/tty
                print -r -- "$answer" >/dev/tty
                [[ $answer == [yY] ]]
                return ;;
              *)
                print -r -- "$verdict"$'\n'"megabot check failed ($code): this command is not checked." >/dev/tty
                return 0 ;;
            esac
          }

          # Whether zsh would ask for more lines.
          __megabot_wants_more() {
            emulate -L zsh
            local complaint
            complaint=$(LC_ALL=C command zsh -fn -c "$1" 2>&1)
            [[ $complaint == *unmatched* || $complaint == *'parse error near `\n'* || $complaint == *'parse error'$'\n' || $1 == *[^\\]\\ ]]
          }

          __megabot_accept_line() {
            zle expand-history
            local text=$PREBUFFER$BUFFER
            if __megabot_wants_more "$text" || __megabot_guard "$text"; then
              zle .accept-line
            else
              zle .reset-prompt
            fi
          }
          zle -N accept-line __megabot_accept_line
          zle -N accept-and-hold __megabot_accept_line
          zle -N accept-line-and-down-history __megabot_accept_line
        fi

        """#

    private static let fish = #"""
        # MegaBot command guard for fish.
        if status is-interactive
            set -g __megabot_program @PROGRAM@

            function __megabot_guard
                set -l text $argv[1]
                string match -qr '\S' -- "$text"; or return 0
                set -l program $__megabot_program
                test -x "$program"; or set program (command -s megabot)
                if test -z "$program"
                    echo 'megabot is not installed any more: this command is not checked.' >/dev/tty
                    return 0
                end
                set -l verdict ($program check --shell fish -- "$text" 2>&1 </dev/null)
                set -l code $pipestatus[1]
                switch $code
                    case 0
                        return 0
                    case 1
                        printf '%s\n' '' $verdict 'It was not run.' >/dev/tty
                        return 1
                    case 2 3
                        printf '%s\n' '' $verdict >/dev/tty
                        printf 'Run it? [y/N] ' >/dev/tty
                        set -l answer (bash -c 'IFS= read -r -s -n 1 a </dev/tty; printf %s "$a"' 2>/dev/null; or sh -c 'head -n 1 </dev/tty')
                        printf '%s\n' "$answer" >/dev/tty
                        string match -qi y -- "$answer"
                        return
                    case '*'
                        printf '%s\n' $verdict "megabot check failed ($code): this command is not checked." >/dev/tty
                        return 0
                end
            end

            function __megabot_enter
                if commandline --paging-mode
                    commandline -f execute
                    return
                end
                commandline --is-valid
                if test $status -eq 2
                    commandline -f execute
                    return
                end
                if __megabot_guard (commandline -b | string collect)
                    commandline -f execute
                else
                    commandline -f repaint
                end
            end

            for mode in default insert
                bind -M $mode \r __megabot_enter
                bind -M $mode \n __megabot_enter
            end
        end

        """#
}
